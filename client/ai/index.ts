/** What `import … from "nearvec/ai"` gives: an embedding model for the Vercel AI SDK, whose package it does not import. */
export { embeddingModel, type NearvecEmbeddingModel } from "./embedding-model.ts";
