/** Which scores are about the so many highest and lowest of a great many: by counting a sample of them. */
import type { ScanSpace } from "./scan-space.ts";

/** Scores of a segment: addresses of f32 x count and of the bitmap of those that pass. */
export interface ScoreList {
  readonly scores: number;
  readonly bits: number;
  readonly count: number;
  /** How many pass. */
  readonly passing: number;
}

/** Cosines and fused scores, rounding included. */
const leastScore = -1.1;
const mostScore = 1.1;
const binsPerUnit = 4096;
const bins = Math.ceil((mostScore - leastScore) * binsPerUnit);

/** Scores that are counted at least, where there are so many: the sample is right to a few per cent then. */
const sampleSize = 100_000;

/** What is refined is at least one of so many, or it is not worth the counting: all of it is then. */
const worthwhileShare = 2;

/** Scores at most `low` or at least `high` are about as many as are wanted of either; all of few. */
export function outstandingThresholds(
  space: ScanSpace,
  lists: readonly ScoreList[],
  { highest, lowest }: { readonly highest: number; readonly lowest: number },
): { low: number; high: number } {
  const total = lists.reduce((sum, { passing }) => sum + passing, 0);
  if (total < (highest + lowest) * worthwhileShare) {
    return { low: Number.NEGATIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  }
  const section = space.section("histogram", bins * 4);
  space.memory.uint32(section).fill(0);
  const every = Math.max(1, Math.floor(total / sampleSize));
  let counted = 0;
  for (const { scores, bits, count } of lists) {
    counted += space.kernel.countScores(
      ...([scores, bits, count, every, leastScore, binsPerUnit, bins, section.pointer] as const),
    );
  }
  const histogram = space.memory.uint32(section);
  const share = counted / total;
  return {
    high: leastScore + binOf(histogram, highest * share, bins - 1, -1) / binsPerUnit,
    low:
      lowest === 0
        ? Number.NEGATIVE_INFINITY
        : leastScore + (binOf(histogram, lowest * share, 0, 1) + 1) / binsPerUnit,
  };
}

/** The bin, going from one end, by which so many have been counted. */
function binOf(histogram: Uint32Array, wanted: number, first: number, step: 1 | -1): number {
  let sum = 0;
  for (let bin = first; bin >= 0 && bin < bins; bin += step) {
    sum += histogram[bin]!;
    if (sum >= wanted) return bin;
  }
  return step === 1 ? bins - 1 : 0;
}
