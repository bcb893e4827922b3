/** From what a client asked by to what the index can be asked. */
import { documentNotFound } from "../../../shared/api/collections/document-id.ts";
import type { SearchedBy, SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { checkVector } from "../../../shared/api/collections/vector-field.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { wordsOf } from "../../../shared/search/text/terms.ts";
import type { StaticModel } from "../../../shared/static-model.ts";
import type { PreparedQuery } from "./prepared-query.ts";
import type { SearchBackend } from "./search-backend.ts";

/** The queries of a request, and what messages call each of them. */
export function queriesOf(request: SearchRequest): { asked: SearchedBy; path: string }[] {
  if (request.queries === undefined) return [{ asked: request, path: "" }];
  return request.queries.map((asked, i) => ({ asked, path: `queries[${i}].` }));
}

/** Whether a query's text must be embedded. */
export function needsModel({ query, vector }: SearchedBy, mode: SearchRequest["mode"]): boolean {
  return query !== undefined && vector === undefined && mode !== "keyword";
}

/**
 * @param model The collection's; null where no query needs one.
 * @throws NearvecError `invalid_request`, `document_not_found`
 */
export async function prepareQuery(
  { query, vector, id }: SearchedBy,
  path: string,
  requestedMode: SearchRequest["mode"],
  model: StaticModel | null,
  backend: Pick<SearchBackend, "settings" | "vectorOf" | "defaultMode">,
): Promise<PreparedQuery> {
  const { dimensions } = backend.settings;
  const mode = requestedMode ?? (query === undefined ? "vector" : backend.defaultMode);
  if (mode !== "vector" && query === undefined) {
    throw new NearvecError(
      "invalid_request",
      `Expected ${path}query beside mode "${mode}": words are searched for in a text. Send one, or mode "vector".`,
      { param: `${path}query` },
    );
  }
  const words = query === undefined ? [] : wordsOf(query);
  const terms = mode === "vector" ? undefined : words;
  const rest = { mode, terms, words, excludedId: id ?? null, tokens: 0 };
  if (mode === "keyword") return { ...rest, vector: undefined };
  if (id !== undefined) {
    const stored = await backend.vectorOf(id);
    if (stored === null) throw documentNotFound(id);
    return { ...rest, vector: stored };
  }
  if (vector !== undefined) return { ...rest, vector: checkVector(vector, dimensions, `${path}vector`) };
  const embedded = new Float32Array(dimensions);
  // As documents are: all tokens, and length 1.
  const options = { dimensions, maxLength: null, normalize: true };
  const tokens = model!.encodeInto(query!, embedded, 0, options);
  return { ...rest, vector: embedded, tokens };
}
