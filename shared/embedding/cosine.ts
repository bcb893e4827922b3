/** The cosine of the angle between two vectors: 1 for the same direction, 0 for nothing in common. */

/** Length of a vector. */
export function norm(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

export function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return sum;
}

/** 0 where one of them is zero, as for a text without a known token: it is like nothing. */
export function cosine(left: Float32Array, right: Float32Array): number {
  const norms = norm(left) * norm(right);
  return norms === 0 ? 0 : Math.max(-1, Math.min(1, dot(left, right) / norms));
}
