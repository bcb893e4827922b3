/** The cosine of the angle between two vectors: 1 for the same direction, 0 for nothing in common. */

/**
 * Their dot product, for vectors of length 1. A zero vector, as of a text without a known token, is like nothing: 0.
 */
export function cosineOfUnitVectors(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  // Rounding may take it beyond.
  return Math.max(-1, Math.min(1, sum));
}
