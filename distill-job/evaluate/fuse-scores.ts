/** Two rankings made one. */

/**
 * Weighted sum of two lists of scores, each first brought to 0 to 1 over all documents of the query.
 *
 * Source: Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval", the convex
 * combination with min-max normalization.
 *
 * @param weight of the first list, from 0 to 1; the second gets the rest
 */
export function fuseScores(first: Float32Array, second: Float32Array, weight = 0.5): Float32Array {
  const left = minMax(first);
  const right = minMax(second);
  return left.map((score, i) => weight * score + (1 - weight) * right[i]!);
}

function minMax(scores: Float32Array): Float32Array {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  const range = most - least;
  return range > 0 ? scores.map((score) => (score - least) / range) : new Float32Array(scores.length);
}
