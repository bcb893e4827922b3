/**
 * Windows are scored by the midpoint of their own vector and that of all the text: the cosine of a query with u + v is
 * both cosines together over |u + v|.
 */

/** Of the square of a sum: what is shorter has no direction to speak of. The kernel has the same (join-rows.ts). */
const leastSquare = 1e-3;

/** 1 / |left + right|, of two vectors of length 1 or of zeros; 0 where they cancel out. */
export function jointInverse(left: Float64Array, right: Float64Array): number {
  let square = 0;
  for (let i = 0; i < left.length; i++) square += (left[i]! + right[i]!) ** 2;
  return square > leastSquare ? 1 / Math.sqrt(square) : 0;
}
