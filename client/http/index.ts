/** What `import … from "nearvec/client"` gives: a worker's client, and nothing of the model itself. */
export { type ErrorCode, NearvecError } from "../../shared/errors.ts";
export type { CallOptions } from "./http-transport.ts";
export { type EmbedOptions, NearvecClient, type NearvecClientOptions } from "./nearvec-client.ts";
export type { Embeddings } from "./read-embeddings.ts";
