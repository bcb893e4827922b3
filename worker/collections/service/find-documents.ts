/** Asks the index one query, and orders what it finds. */
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { maxResultWindow } from "../../../shared/limits.ts";
import type { CompiledFilter } from "../../../shared/search/filter/compiled-filter.ts";
import { filterColumns } from "../../../shared/search/filter/filter-columns.ts";
import type {
  Fusion,
  IndexAnswer,
  IndexHit,
  IndexQuery,
  ReadRows,
} from "../../../shared/search/index/index-query.ts";
import type { SearchIndex } from "../../../shared/search/index/search-index.ts";
import { maximalMarginalRelevance } from "../../../shared/search/ranking/maximal-marginal-relevance.ts";
import type { IndexView } from "../../../shared/search/segment/index-part-reader.ts";
import type { CollectionView } from "./collection-view.ts";
import type { Found } from "./found.ts";
import type { PreparedQuery } from "./prepared-query.ts";

/** Candidates that diversity chooses from, for each result that is wanted. */
const candidatesPerResult = 5;

/** A query as an index is asked it, but for the filter: enough candidates for what a request wants. */
export function indexQueryOf(query: PreparedQuery, request: SearchRequest): Omit<IndexQuery, "filter"> {
  return {
    mode: query.mode,
    ...(query.vector === undefined ? {} : { vector: query.vector }),
    ...(query.terms === undefined ? {} : { terms: query.terms }),
    fusion: fusionOf(request.fusion),
    ...(request.min_score === undefined ? {} : { minScore: request.min_score }),
    limit: candidatesOf(request) + (query.excludedId === null ? 0 : 1),
    explain: request.explain,
  };
}

/**
 * Asks the index of a view.
 *
 * @param filter null: everything passes
 */
export function askView(
  { resident, tail }: CollectionView,
  query: Omit<IndexQuery, "filter">,
  filter: CompiledFilter | null,
  readRows: ReadRows,
): Promise<IndexAnswer> {
  const asked =
    filter === null ? query : { ...query, filter: (view: IndexView) => filterColumns(filter, view) };
  const search = () => resident.index.search(asked, readRows);
  return tail === null ? search() : resident.withTail(tail, search);
}

/** @returns best first, from `offset` on, at most `top_k`; and whether some scores are of codes alone */
export async function findDocuments(
  view: CollectionView,
  query: PreparedQuery,
  request: SearchRequest,
  filter: CompiledFilter | null,
  readRows: ReadRows,
): Promise<{ found: Found[]; approximate: boolean }> {
  const { hits, unread } = await askView(view, indexQueryOf(query, request), filter, readRows);
  // Vectors of what is chosen only, unless choosing needs them.
  const late = request.diversity === 0;
  const candidates = late
    ? hits.map((hit) => ({ ...hit, vector: null }))
    : await withVectors(hits, view.resident.index, readRows);
  const chosen = chooseResults(candidates, query, request);
  const found =
    late && request.include.includes("vector")
      ? await withVectors(chosen, view.resident.index, readRows)
      : chosen;
  return { found, approximate: unread.length > 0 };
}

/** Of candidates, best first, those that a request wants. */
export function chooseResults(
  candidates: readonly Found[],
  { excludedId }: Pick<PreparedQuery, "excludedId">,
  request: SearchRequest,
): Found[] {
  const { offset, top_k, diversity } = request;
  const others = candidates.filter(({ id }) => id !== excludedId).slice(0, candidatesOf(request));
  return diversify(others, offset + top_k, diversity).slice(offset);
}

function candidatesOf({ offset, top_k, diversity }: SearchRequest): number {
  const wanted = offset + top_k;
  return diversity > 0 ? Math.min(maxResultWindow, wanted * candidatesPerResult) : wanted;
}

/** Hits with the vectors of their entries, as stored; read where only codes are in memory. */
export async function withVectors(
  hits: readonly IndexHit[],
  index: SearchIndex,
  readRows: ReadRows,
): Promise<Found[]> {
  const vectors = await vectorsOf(hits, index, readRows);
  return hits.map((hit, i) => ({ ...hit, vector: vectors[i]! }));
}

async function vectorsOf(
  hits: readonly IndexHit[],
  index: SearchIndex,
  readRows: ReadRows,
): Promise<(Float32Array | null)[]> {
  const vectors = hits.map((hit) => index.vectorOfEntry(hit));
  const absent = hits.flatMap((hit, i) => {
    const row = vectors[i] === null ? index.viewOf(hit.segment)?.entryRows[hit.entry] : undefined;
    return row === undefined ? [] : [{ i, segment: hit.segment, rows: Uint32Array.of(row) }];
  });
  if (absent.length === 0) return vectors;
  const contents = await readRows(absent);
  absent.forEach(({ i }, request) => {
    const content = contents[request];
    if (content) vectors[i] = Float32Array.from(content.values, (value) => value * content.scales[0]!);
  });
  return vectors;
}

/** The best that also differ from each other: all of them in order of score if diversity is 0. */
function diversify(candidates: readonly Found[], wanted: number, diversity: number): Found[] {
  if (diversity === 0) return candidates.slice(0, wanted);
  // Of the best 1, as cosines have it: BM25 knows no most, sums of ranks are far below.
  const best = Math.max(...candidates.map(({ score }) => Math.abs(score)), Number.MIN_VALUE);
  const chosen = maximalMarginalRelevance(
    candidates.map(({ score }) => score / best),
    (left, right) => cosine(candidates[left]!.vector, candidates[right]!.vector),
    wanted,
    1 - diversity,
  );
  return chosen.map((number) => candidates[number]!);
}

/** Of vectors that have length 1, or say nothing. */
function cosine(left: Float32Array | null, right: Float32Array | null): number {
  let sum = 0;
  if (left !== null && right !== null) for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return sum;
}

function fusionOf(fusion: SearchRequest["fusion"]): Fusion {
  return fusion.type === "weighted"
    ? { by: "weighted", weight: fusion.weight }
    : { by: "reciprocal-rank", k: fusion.k };
}
