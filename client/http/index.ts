/** What `import … from "nearvec/client"` gives: a worker's client, and nothing of the model itself. */
export type { CollectionAnswer, CollectionSummary } from "../../shared/api/collections/collection-answer.ts";
export type { DocumentAnswer, WriteItem } from "../../shared/api/collections/document-answer.ts";
export type {
  SearchAnswer,
  SearchAnswers,
  SearchResult,
} from "../../shared/api/collections/search-answer.ts";
export { type ErrorCode, NearvecError } from "../../shared/errors.ts";
export type { FilterExpression } from "../../shared/search/filter-expression.ts";
export { CollectionClient, type Written } from "./collection-client.ts";
export { Collections, type NewCollection } from "./collections.ts";
export type { NewDocument } from "./document-batches.ts";
export type { CallOptions } from "./http-transport.ts";
export {
  type EmbedOptions,
  NearvecClient,
  type NearvecClientOptions,
  type SequenceOptions,
} from "./nearvec-client.ts";
export type { Embeddings } from "./read-embeddings.ts";
export type { Token } from "./read-sequences.ts";
export type { SearchedBy, SearchOptions } from "./search-options.ts";
