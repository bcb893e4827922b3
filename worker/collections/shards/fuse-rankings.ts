/** Fusion by reciprocal rank over shards: a rank is known only once all that was found is together. */
import type { IndexQuery } from "../../../shared/search/index/index-query.ts";
import { compareCodePoints } from "../../../shared/search/segment/code-point-order.ts";
import type { Found } from "../service/found.ts";

/** How deep either ranking goes: what is further down adds little, and all of it has to be sent. */
const depth = 200;

type ShardQuery = Omit<IndexQuery, "filter">;

/** The two rankings that a hybrid query is made of. */
export function rankedQueries(query: ShardQuery): ShardQuery[] {
  const { minScore: _, ...rest } = query;
  const limit = Math.max(depth, query.limit);
  return [
    { ...rest, mode: "vector", limit },
    { ...rest, mode: "keyword", limit },
  ];
}

/**
 * Adds 1 / (k + rank) of both rankings. Ranks are those of documents; within one shard they are those of entries, so
 * that scores may differ a little from those of the same documents unsharded.
 */
export function fuseRankings(
  [nearest = [], worded = []]: readonly (readonly Found[])[],
  { fusion, minScore = Number.NEGATIVE_INFINITY }: ShardQuery,
): Found[] {
  const k = fusion?.by === "reciprocal-rank" ? fusion.k : 0;
  const wordedRank = new Map(worded.map(({ id }, i) => [id, i + 1]));
  const nearestRank = new Map(nearest.map(({ id }, i) => [id, i + 1]));
  const bm25 = new Map(worded.map((hit) => [hit.id, hit]));
  const all = [...nearest, ...worded.filter(({ id }) => !nearestRank.has(id))];
  const share = (rank: number | undefined): number => (rank === undefined ? 0 : 1 / (k + rank));
  return all
    .map((hit) => {
      const [cosineRank, bm25Rank] = [nearestRank.get(hit.id), wordedRank.get(hit.id)];
      const words = bm25.get(hit.id)?.parts;
      return {
        ...hit,
        score: share(cosineRank) + share(bm25Rank),
        parts: {
          ...hit.parts,
          bm25: words?.bm25 ?? 0,
          terms: words?.terms ?? [],
          cosineRank: cosineRank ?? null,
          bm25Rank: bm25Rank ?? null,
        },
      };
    })
    .filter(({ score }) => score >= minScore)
    .sort((left, right) => right.score - left.score || compareCodePoints(left.id, right.id));
}
