/** Two rankings made one by their scores. */
import { hasBit } from "../segment/bitmap.ts";

/** What the first list counts for, from 0 to 1; the second counts for the rest. */
export const defaultFusionWeight = 0.5;

/** The least and the most of some scores; infinite, the wrong way round, of none. */
export interface ScoreRange {
  readonly least: number;
  readonly most: number;
}

/** @param kept a bitmap of those that count; all if not given */
export function scoreRange(scores: ArrayLike<number>, kept?: Uint8Array): ScoreRange {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    if (kept !== undefined && !hasBit(kept, i)) continue;
    least = Math.min(least, scores[i]!);
    most = Math.max(most, scores[i]!);
  }
  return { least, most };
}

/** The range of scores that are in several places. */
export function joinRanges(ranges: readonly ScoreRange[]): ScoreRange {
  return {
    least: Math.min(...ranges.map(({ least }) => least)),
    most: Math.max(...ranges.map(({ most }) => most)),
  };
}

/** A score between 0, the least, and 1, the most; 0 if all are the same. */
export function minMaxScore(score: number, { least, most }: ScoreRange): number {
  return most > least ? (score - least) / (most - least) : 0;
}

/**
 * Weighted sum of two lists of scores, each first brought to 0 to 1 over all documents of the query.
 *
 * Source: Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval", the convex
 * combination with min-max normalization.
 *
 * @param weight of the first list, from 0 to 1; the second gets the rest
 */
export function minMaxFusion(
  first: Float32Array,
  second: Float32Array,
  weight = defaultFusionWeight,
): Float32Array {
  const left = scoreRange(first);
  const right = scoreRange(second);
  return first.map(
    (score, i) => weight * minMaxScore(score, left) + (1 - weight) * minMaxScore(second[i]!, right),
  );
}
