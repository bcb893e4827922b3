/** What `import … from "nearvec/llamaindex"` gives. Needs @llamaindex/core. */
export { NearvecEmbedding, type NearvecEmbeddingFields } from "./nearvec-embedding.ts";
