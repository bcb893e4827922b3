/** A query as the kernel scores rows with it: whitening folded in, in integers of 16 bits. */
import type { WhiteningTransform } from "./whitening-transform.ts";

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
 * Prepares a query.
 *
 * With t(q) of length 1 and a row x, the cosine is the sum of t(q) * (factor * x - offset) over |t(x)|; so
 * factor goes into the query, and the sum of t(q) * offset is the same for all rows.
 */
export function queryVector(vector: Float32Array, transform: WhiteningTransform): QueryVector {
  const { length: dimensions } = vector;
  const elements = transform.unit(vector, 1, new Float64Array(dimensions));
  let constant = 0;
  let largest = 0;
  let square = 0;
  for (let i = 0; i < dimensions; i++) {
    constant += elements[i]! * transform.offsets[i]!;
    elements[i]! *= transform.factors[i]!;
    largest = Math.max(largest, Math.abs(elements[i]!));
    square += elements[i]! ** 2;
  }
  if (largest === 0) return { integers: new Int16Array(dimensions), multiplier: 0, constant: 0 };
  // No sum of products leaves 32 bits: it is at most the product of both lengths (Cauchy and Schwarz).
  const rowLength = largestRowValue * Math.sqrt(dimensions);
  const scale = Math.min(largestInteger / largest, (largestSum * 0.999) / (rowLength * Math.sqrt(square)));
  const integers = new Int16Array(dimensions);
  for (let i = 0; i < dimensions; i++) integers[i] = Math.round(elements[i]! * scale);
  return { integers, multiplier: 1 / scale, constant };
}
