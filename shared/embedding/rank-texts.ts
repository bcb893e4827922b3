/** Texts in the order of how like a query they are. */

export interface RankedText {
  /** Position among the texts that were given. */
  readonly index: number;
  /** Cosine of query and text. */
  readonly score: number;
}

/** Sorts by score, best first; equals stay in the order in which they came. */
export function rankTexts(scores: readonly number[], limit = scores.length): RankedText[] {
  return scores
    .map((score, index) => ({ index, score }))
    .sort((left, right) => right.score - left.score)
    .slice(0, limit);
}

/**
 * A cosine as a relevance from 0 to 1, which is what callers of cross-encoders expect: nothing is less relevant
 * than what has nothing in common.
 */
export function relevance(score: number): number {
  return Math.max(0, score);
}
