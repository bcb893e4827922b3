/**
 * From bounds of cosines to the cosines themselves, of those entries alone that may be among the best: all others are
 * below by what is known of them already, so that what is found is what scoring all would find.
 */
import type { QueryScan, ScoreName, Selected } from "./query-scan.ts";

/** An entry that was selected by bounds. */
export type SelectedEntry = Pick<Selected, "place" | "score"> & { readonly entry: number };

/** Entries that are scored first, beside as many as are wanted: the more, the higher the bar for all others. */
const spareEntries = 32;

/** More than single precision loses of a score. */
const rounding = 1e-5;

/**
 * Makes the cosines exact that the `wanted` best of a score depend on.
 *
 * @param name of a score that is too high where the cosine is a bound
 * @param selected the best by it, each another document or entry; `wantedFirst(wanted)` of each segment
 * @param minimum what is below it does not matter
 * @param exactScore the score once the cosine is exact
 */
export function settleBest(
  scan: QueryScan,
  name: ScoreName,
  selected: readonly SelectedEntry[],
  wanted: number,
  minimum: number,
  exactScore: (entry: SelectedEntry) => number,
): void {
  if (wanted === 0) return;
  const first = selected.toSorted((left, right) => right.score - left.score).slice(0, wantedFirst(wanted));
  scan.settle(first);
  const scores = Float64Array.from(first, exactScore).sort();
  const bar = Math.max(minimum, scores[scores.length - wanted] ?? minimum);
  scan.settleFrom(name, bar - rounding);
}

export function wantedFirst(wanted: number): number {
  return wanted + spareEntries;
}
