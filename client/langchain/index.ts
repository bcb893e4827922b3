/** What `import … from "nearvec/langchain"` gives. Needs @langchain/core. */
export { NearvecEmbeddings, type NearvecEmbeddingsFields } from "./nearvec-embeddings.ts";
