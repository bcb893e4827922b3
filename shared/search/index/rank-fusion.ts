/** Documents by the places of their entries in two rankings, by vectors and by words. */
import { reciprocalRankFusion } from "../ranking/reciprocal-rank-fusion.ts";
import { compareCodePoints } from "../segment/code-point-order.ts";
import type { Selected, SelectedDocument } from "./best-scores.ts";
import type { Ranks } from "./candidate.ts";
import { leastPositive } from "./least-positive.ts";
import type { QueryScan } from "./query-scan.ts";

/** Places of each ranking that count: what is further down adds less than a thousandth. */
export const reciprocalRankDepth = 1000;

/** A document with the places of its best entry. */
export interface RankedDocument extends SelectedDocument {
  readonly ranks: Ranks;
}

export function fuseByRank(scan: QueryScan, k: number): RankedDocument[] {
  const cosines = ranking(scan, "cosines", Number.NEGATIVE_INFINITY);
  const words = ranking(scan, "keywordScores", leastPositive);
  const keyOf = ({ place, number }: Selected): number => place.firstEntry + number;
  const scores = reciprocalRankFusion([cosines.map(keyOf), words.map(keyOf)], [1, 1], k);
  const cosineRanks = new Map(cosines.map((selected, i) => [keyOf(selected), i + 1]));
  const bm25Ranks = new Map(words.map((selected, i) => [keyOf(selected), i + 1]));
  const best = new Map<number, RankedDocument>();
  for (const selected of [...cosines, ...words]) {
    const { place, number: entry } = selected;
    const key = keyOf(selected);
    const score = scores.get(key)!;
    const number = place.segment.index.view.documentOf(entry);
    const other = best.get(place.firstDocument + number);
    if (other !== undefined && (other.score > score || (other.score === score && other.entry <= entry)))
      continue;
    const ranks = { cosineRank: cosineRanks.get(key) ?? null, bm25Rank: bm25Ranks.get(key) ?? null };
    best.set(place.firstDocument + number, { place, number, entry, score, ranks });
  }
  return [...best.values()];
}

/** The first entries by one score; of equal ones those whose documents' ids come first, then the first entries. */
function ranking(scan: QueryScan, name: "cosines" | "keywordScores", minimum: number): Selected[] {
  const entries = scan.bestEntries(name, reciprocalRankDepth, minimum).map((selected) => {
    const { view } = selected.place.segment.index;
    return { ...selected, id: view.idOf(view.documentOf(selected.number)) };
  });
  entries.sort(
    (left, right) =>
      right.score - left.score || compareCodePoints(left.id, right.id) || left.number - right.number,
  );
  return entries.slice(0, reciprocalRankDepth);
}
