/** A query as the kernel scores rows with it: whitening folded in, in integers of 16 bits. */
import type { Whitening } from "../ranking/whitening.ts";

export interface QueryVector {
  /** One per dimension. */
  readonly integers: Int16Array;
  /** What a dot product with them is multiplied by. */
  readonly multiplier: number;
  /** What is taken from it then: the dot product of the query with half the mean. */
  readonly constant: number;
}

const largestInteger = 32_767;
const largestSum = 2 ** 31 - 1;
const largestRowValue = 128;

/**
 * What a dimension is multiplied by and what is taken from it: t(x) = factor * x - offset, which is
 * (x - mean / 2) / sqrt(deviation).
 */
export function whiteningTerms(
  { mean, deviation }: Whitening,
  dimension: number,
): { factor: number; offset: number } {
  const spread = deviation[dimension]!;
  // A dimension that is the same in all vectors says nothing.
  const factor = spread > 0 ? 1 / Math.sqrt(spread) : 0;
  return { factor, offset: (factor * mean[dimension]!) / 2 };
}

/** t(x) / |t(x)|; zeros stay zeros, for they stand for a text without a known word. */
export function whitenVector(vector: Float32Array, whitening: Whitening | null): Float64Array {
  const result = Float64Array.from(vector);
  if (whitening !== null && vector.some((value) => value !== 0)) {
    for (let i = 0; i < vector.length; i++) {
      const { factor, offset } = whiteningTerms(whitening, i);
      result[i] = factor * vector[i]! - offset;
    }
  }
  const norm = Math.sqrt(result.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 ? result.map((value) => value / norm) : result;
}

/**
 * Prepares a query.
 *
 * With t(q) of length 1 and a row x, the cosine is the sum of t(q) * (factor * x - offset) over |t(x)|; so
 * factor goes into the query, and the sum of t(q) * offset is the same for all rows.
 */
export function queryVector(vector: Float32Array, whitening: Whitening | null): QueryVector {
  const unit = whitenVector(vector, whitening);
  let constant = 0;
  let largest = 0;
  let square = 0;
  for (let i = 0; i < unit.length; i++) {
    if (whitening !== null) {
      const { factor, offset } = whiteningTerms(whitening, i);
      constant += unit[i]! * offset;
      unit[i]! *= factor;
    }
    largest = Math.max(largest, Math.abs(unit[i]!));
    square += unit[i]! ** 2;
  }
  if (largest === 0) return { integers: new Int16Array(unit.length), multiplier: 0, constant: 0 };
  // No sum of products leaves 32 bits: it is at most the product of both lengths (Cauchy and Schwarz).
  const rowLength = largestRowValue * Math.sqrt(unit.length);
  const scale = Math.min(largestInteger / largest, (largestSum * 0.999) / (rowLength * Math.sqrt(square)));
  return {
    integers: Int16Array.from(unit, (value) => Math.round(value * scale)),
    multiplier: 1 / scale,
    constant,
  };
}
