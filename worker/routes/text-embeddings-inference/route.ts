/** Registers a route of Text Embeddings Inference. */
import { dialectRoute } from "../dialect-route.ts";

export const inferenceRoute = dialectRoute("text-embeddings-inference", "Text Embeddings Inference");
