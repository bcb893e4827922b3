/** What `import … from "nearvec/langchain"` gives. Needs @langchain/core. */
export type { FoundContent } from "./found-document.ts";
export { NearvecEmbeddings, type NearvecEmbeddingsFields } from "./nearvec-embeddings.ts";
export { NearvecRetriever, type NearvecRetrieverFields } from "./nearvec-retriever.ts";
export { NearvecVectorStore, type NearvecVectorStoreConfig } from "./nearvec-vector-store.ts";
