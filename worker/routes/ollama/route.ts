/** Registers a route of Ollama's. */
import { dialectRoute } from "../dialect-route.ts";

export const ollamaRoute = dialectRoute("ollama", "Ollama");
