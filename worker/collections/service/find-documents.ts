/** Asks the index one query, and orders what it finds. */
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { maxResultWindow } from "../../../shared/limits.ts";
import type { Fusion, IndexHit, IndexQuery } from "../../../shared/search/index/index-query.ts";
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
  return withVectors.slice(offset, wanted);
}

function fusionOf(fusion: SearchRequest["fusion"]): Fusion {
  return fusion.type === "weighted"
    ? { by: "weighted", weight: fusion.weight }
    : { by: "reciprocal-rank", k: fusion.k };
}
