/** Asks the index one query, and orders what it finds. */
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { maxResultWindow } from "../../../shared/limits.ts";
import type { CompiledFilter } from "../../../shared/search/filter/compiled-filter.ts";
import { filterColumns } from "../../../shared/search/filter/filter-columns.ts";
import type { Fusion, IndexHit, IndexQuery } from "../../../shared/search/index/index-query.ts";
import { maximalMarginalRelevance } from "../../../shared/search/ranking/maximal-marginal-relevance.ts";
import type { CollectionView } from "./collection-view.ts";
import type { PreparedQuery } from "./prepared-query.ts";

/** A hit with the vector of its entry, where that is asked for. */
export interface Found extends IndexHit {
  readonly vector: Float32Array | null;
}

/** Candidates that diversity chooses from, for each result that is wanted. */
const candidatesPerResult = 5;

/** @returns best first, from `offset` on, at most `top_k` */
export async function findDocuments(
  { resident, tail }: CollectionView,
  query: PreparedQuery,
  request: SearchRequest,
  filter: CompiledFilter | null,
): Promise<Found[]> {
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
  const search = () => index.search(asked);
  const { hits } = await (tail === null ? search() : resident.withTail(tail, search));
  const others = hits.filter(({ id }) => id !== query.excludedId).slice(0, candidates);
  const withVectors = others.map((hit) => ({
    ...hit,
    vector: diversity > 0 || request.include.includes("vector") ? index.vectorOf(hit) : null,
  }));
  return diversify(withVectors, wanted, diversity).slice(offset);
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
