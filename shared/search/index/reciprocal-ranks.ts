/** Two rankings of entries made one by their places in them. */
import { compareCodePoints } from "../segment/code-point-order.ts";
import type { Selected } from "./query-scan.ts";

/** Places of each ranking that count: what is further down adds less than a thousandth. */
export const reciprocalRankDepth = 1000;

/** An entry with its place in either ranking, from 1; null if it is in none. */
export interface RankedEntry {
  readonly selected: Selected;
  cosineRank: number | null;
  bm25Rank: number | null;
}

/** Descending by score, then ascending by the ids of documents, then by entries. */
export function sortSelected<Item extends Selected>(items: Item[], idOf: (item: Item) => string): Item[] {
  const ids = new Map<Item, string>();
  const id = (item: Item): string => {
    let known = ids.get(item);
    if (known === undefined) {
      known = idOf(item);
      ids.set(item, known);
    }
    return known;
  };
  return items.sort(
    (left, right) =>
      right.score - left.score || compareCodePoints(id(left), id(right)) || left.number - right.number,
  );
}

/** Joins two rankings, the best first, into the entries that are in either. */
export function joinRankings(cosines: readonly Selected[], keywords: readonly Selected[]): RankedEntry[] {
  const entries = new Map<string, RankedEntry>();
  const entryOf = (selected: Selected): RankedEntry => {
    const key = `${selected.place.firstEntry + selected.number}`;
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { selected, cosineRank: null, bm25Rank: null };
      entries.set(key, entry);
    }
    return entry;
  };
  cosines.forEach((selected, i) => {
    entryOf(selected).cosineRank = i + 1;
  });
  keywords.forEach((selected, i) => {
    entryOf(selected).bm25Rank = i + 1;
  });
  return [...entries.values()];
}

/**
 * 1 / (k + rank) for each ranking that has it.
 * Source: Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion Outperforms Condorcet".
 */
export function reciprocalRankScore({ cosineRank, bm25Rank }: RankedEntry, k: number): number {
  const share = (rank: number | null): number => (rank === null ? 0 : 1 / (k + rank));
  return share(cosineRank) + share(bm25Rank);
}
