/** Registers a route of Cohere's. */
import { dialectRoute } from "../dialect-route.ts";

export const cohereRoute = dialectRoute("cohere", "Cohere");
