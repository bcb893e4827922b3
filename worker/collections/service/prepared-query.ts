/** What a client asked by, as the index can be asked. */
import type { SearchMode } from "../../../shared/search/index/index-query.ts";

export interface PreparedQuery {
  readonly mode: SearchMode;
  /** Undefined for the mode `keyword`. */
  readonly vector: Float32Array | undefined;
  /** Undefined for the mode `vector`; a query's words are marked in snippets even so. */
  readonly terms: readonly string[] | undefined;
  /** Terms of the query's text, whatever the mode. */
  readonly words: readonly string[];
  /** The document that was searched by: it is not among its own results. */
  readonly excludedId: string | null;
  /** Tokens that were embedded. */
  readonly tokens: number;
}
