/** What a search can be asked, under the names of the API. */
import type { SearchRequest } from "../../shared/api/collections/search-request.ts";
import type { FilterExpression } from "../../shared/search/filter-expression.ts";

/** How to search: docs/search.md says what each option does. */
export interface SearchOptions
  extends Partial<Pick<SearchRequest, "top_k" | "offset" | "diversity" | "explain" | "consistency">> {
  /** Hybrid where there is a query's text, else vector. */
  readonly mode?: "hybrid" | "vector" | "keyword";
  readonly min_score?: number;
  readonly fusion?: { type: "weighted"; weight?: number } | { type: "reciprocal_rank"; k?: number };
  readonly filter?: FilterExpression | undefined;
  /** What results carry beside id, score and snippet; metadata if not given. */
  readonly include?: readonly ("text" | "metadata" | "vector")[];
  readonly snippet?: false | { length?: number };
}

/** What to search by: a text, a vector in place of the text's own, or a stored document to find others like. */
export type SearchedBy =
  | { readonly query: string; readonly vector?: ArrayLike<number> }
  | { readonly vector: ArrayLike<number> }
  | { readonly id: string };

/** As JSON, where typed arrays would be objects. */
export function printSearch(by: string | SearchedBy, options: SearchOptions): string {
  return JSON.stringify({ ...options, ...plain(by) });
}

export function printSearches(queries: readonly (string | SearchedBy)[], options: SearchOptions): string {
  return JSON.stringify({ ...options, queries: queries.map(plain) });
}

function plain(by: string | SearchedBy): object {
  if (typeof by === "string") return { query: by };
  return "vector" in by && by.vector !== undefined ? { ...by, vector: Array.from(by.vector) } : by;
}
