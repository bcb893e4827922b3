/** One result of a search, as it is printed. */
import type { Explanation, SearchResult } from "../../api/collections/search-answer.ts";
import type { SearchRequest } from "../../api/collections/search-request.ts";
import type { SourceDocument } from "../collection/document.ts";
import type { IndexHit, ScoreParts, SearchMode } from "../index/index-query.ts";
import { snippetOf } from "../text/snippet.ts";

/**
 * @param hit its vector is null where it was not asked for
 * @param document undefined where it was not asked for or could not be read
 * @param query its words are marked in snippets, whatever the mode
 */
export function printResult(
  hit: IndexHit & { readonly vector: Float32Array | null },
  document: SourceDocument | undefined,
  { words, mode }: { readonly words: readonly string[]; readonly mode: SearchMode },
  { include, snippet, explain }: Pick<SearchRequest, "include" | "snippet" | "explain">,
): SearchResult {
  const { id, score, entryOfDocument, from, to, parts, vector } = hit;
  const result: SearchResult = { id, score, entry: { index: entryOfDocument, range: [from, to] } };
  if (document !== undefined) {
    if (snippet !== false && document.text !== "") {
      result.snippet = printSnippet(document.text, words, snippet.length, { from, to });
    }
    if (include.includes("text")) result.text = document.text;
    if (include.includes("metadata")) result.metadata = { ...document.metadata };
  }
  if (include.includes("vector") && vector !== null) result.vector = [...vector];
  if (explain) result.explain = printExplanation(parts, mode);
  return result;
}

function printSnippet(
  text: string,
  words: readonly string[],
  length: number,
  within: { readonly from: number; readonly to: number },
): NonNullable<SearchResult["snippet"]> {
  const snippet = snippetOf(text, new Map(words.map((word) => [word, 1])), length, within);
  return {
    text: snippet.text,
    range: [snippet.from, snippet.to],
    matches: snippet.matches.map(({ from, to }) => [from, to]),
  };
}

function printExplanation(parts: ScoreParts, mode: SearchMode): Explanation {
  const { cosine, bm25, normalizedCosine, normalizedBm25, cosineRank, bm25Rank, terms } = parts;
  return {
    vector:
      mode === "keyword" || cosine === null
        ? null
        : { score: cosine, normalized: normalizedCosine, rank: cosineRank },
    keyword:
      mode === "vector" || bm25 === null
        ? null
        : {
            score: bm25,
            normalized: normalizedBm25,
            rank: bm25Rank,
            terms: terms.map((term) => ({ ...term })),
          },
  };
}
