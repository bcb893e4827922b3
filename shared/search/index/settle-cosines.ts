/**
 * From bounds of cosines to the cosines themselves, of those entries alone that may be among the best: all others are
 * below by what is known of them already, so that what is found is what scoring all would find.
 */
import type { Selected } from "./best-scores.ts";
import type { QueryScan } from "./query-scan.ts";

/** An entry that was selected by bounds. */
export type SelectedEntry = Pick<Selected, "place" | "score"> & { readonly entry: number };

/** Entries that are scored first, beside as many as are wanted: the more, the higher the bar for all others. */
const spareEntries = 32;

/**
 * Makes the cosines exact of all entries that may be among the best.
 *
 * @param selected the best by bounds, each another document or another entry; `wantedFirst(wanted)` of them or more
 * @param wanted how many of the best
 * @param minimum cosines below it do not matter
 */
export function settleBest(
  scan: QueryScan,
  selected: readonly SelectedEntry[],
  wanted: number,
  minimum: number,
): void {
  if (wanted === 0) return;
  const first = selected.toSorted((left, right) => right.score - left.score).slice(0, wantedFirst(wanted));
  scan.vectors.settle(first);
  const cosines = Float64Array.from(first, ({ place, entry }) => scan.score("cosines", place, entry)).sort();
  scan.vectors.settleFrom(Math.max(minimum, cosines[cosines.length - wanted] ?? minimum));
}

export function wantedFirst(wanted: number): number {
  return wanted + spareEntries;
}
