/** Asks the index one query, and orders what it finds. */
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { maxResultWindow } from "../../../shared/limits.ts";
import type { CompiledFilter } from "../../../shared/search/filter/compiled-filter.ts";
import { filterColumns } from "../../../shared/search/filter/filter-columns.ts";
import type { Fusion, IndexHit, IndexQuery, ReadRows } from "../../../shared/search/index/index-query.ts";
import type { SearchIndex } from "../../../shared/search/index/search-index.ts";
import { maximalMarginalRelevance } from "../../../shared/search/ranking/maximal-marginal-relevance.ts";
import type { CollectionView } from "./collection-view.ts";
import type { PreparedQuery } from "./prepared-query.ts";

/** A hit with the vector of its entry, where that is asked for. */
export interface Found extends IndexHit {
  readonly vector: Float32Array | null;
}

/** Candidates that diversity chooses from, for each result that is wanted. */
const candidatesPerResult = 5;

/** @returns best first, from `offset` on, at most `top_k`; and whether some scores are of codes alone */
export async function findDocuments(
  { resident, tail }: CollectionView,
  query: PreparedQuery,
  request: SearchRequest,
  filter: CompiledFilter | null,
  readRows: ReadRows,
): Promise<{ found: Found[]; approximate: boolean }> {
  const { index } = resident;
  const { offset, top_k, diversity } = request;
  const wanted = offset + top_k;
  const candidates = diversity > 0 ? Math.min(maxResultWindow, wanted * candidatesPerResult) : wanted;
  const asked: IndexQuery = {
    mode: query.mode,
    ...(query.vector === undefined ? {} : { vector: query.vector }),
    ...(query.terms === undefined ? {} : { terms: query.terms }),
    fusion: fusionOf(request.fusion),
    ...(filter === null ? {} : { filter: (view) => filterColumns(filter, view) }),
    ...(request.min_score === undefined ? {} : { minScore: request.min_score }),
    limit: candidates + (query.excludedId === null ? 0 : 1),
    explain: request.explain,
  };
  const search = () => index.search(asked, readRows);
  const { hits, unread } = await (tail === null ? search() : resident.withTail(tail, search));
  const others = hits.filter(({ id }) => id !== query.excludedId).slice(0, candidates);
  const approximate = unread.length > 0;
  if (diversity > 0) {
    const vectors = await vectorsOf(others, index, readRows);
    const found = others.map((hit, i) => ({ ...hit, vector: vectors[i]! }));
    return { found: diversify(found, wanted, diversity).slice(offset), approximate };
  }
  const found = others.slice(offset, wanted);
  const vectors = request.include.includes("vector") ? await vectorsOf(found, index, readRows) : [];
  return { found: found.map((hit, i) => ({ ...hit, vector: vectors[i] ?? null })), approximate };
}

/** The vectors of entries, as stored; read where only codes are in memory. */
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
