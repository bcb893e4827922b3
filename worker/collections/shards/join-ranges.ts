/** Between which scores those of several shards lie. */
import type { ScoreRanges } from "../../../shared/search/index/index-query.ts";
import type { ScoreRange } from "../../../shared/search/ranking/min-max-fusion.ts";

/** @param ranges null of a shard that has none; where nothing passes the filter, the least is above the most */
export function joinRanges(ranges: readonly (ScoreRanges | null)[]): ScoreRanges | null {
  const present = ranges.filter((range) => range !== null);
  if (present.length === 0) return null;
  const join = (of: (range: ScoreRanges) => ScoreRange): ScoreRange => ({
    least: Math.min(...present.map((range) => of(range).least)),
    most: Math.max(...present.map((range) => of(range).most)),
  });
  return { cosine: join(({ cosine }) => cosine), bm25: join(({ bm25 }) => bm25) };
}
