/** A query as the kernel bounds cosines with it, from the upper halves of rows: in integers of 8 bits. */
import type { QueryVector } from "./query-vector.ts";

export interface BoundingQuery {
  /** One per dimension. */
  readonly elements: Int8Array;
  /** What they are multiplied by to be the query, nearly. */
  readonly step: number;
  /** Of the elements. */
  readonly sum: number;
  /** Length of the query, and of what its elements leave out of it. */
  readonly length: number;
  readonly error: number;
}

/** How far rows may be from what their upper halves say of them. */
export interface RowLengths {
  /** The longest that any row leaves out. */
  readonly rest: number;
  /** The longest that the upper halves of any row say. */
  readonly near: number;
}

/** What `inverse * (scale * (dot * multiplier + shift) - constant)` is no less than the cosine with. */
export interface BoundingTerms {
  readonly multiplier: number;
  readonly shift: number;
  readonly constant: number;
}

const largestElement = 127;
/** Sums of products with half bytes that take 16 bits, and their number: eight lanes of two elements of every 16. */
const largestLaneSum = Math.floor(32_767 / 15);
const lanes = 8;
/** 16 times an upper half, less this, is in the middle of the 16 elements that have it. */
const middle = 128 - 7.5;
/** More than single precision loses, of the most that a product can be: some millionths. */
const roundingShare = 1e-5;

/** Prepares a query. */
export function boundingQuery({ integers, multiplier }: QueryVector): BoundingQuery {
  const laneSums = new Float64Array(lanes);
  let largest = 0;
  for (let i = 0; i < integers.length; i++) {
    const size = Math.abs(integers[i]!);
    largest = Math.max(largest, size);
    laneSums[(i >> 1) % lanes]! += size;
  }
  // Elements are rounded, each by a half at most.
  const roundedAway = integers.length / lanes / 2;
  const perElement = Math.max(
    largest / largestElement,
    Math.max(...laneSums) / (largestLaneSum - roundedAway),
  );
  const step = perElement > 0 ? perElement : 1;
  const elements = new Int8Array(integers.length);
  let [sum, square, errorSquare] = [0, 0, 0];
  for (let i = 0; i < integers.length; i++) {
    const integer = integers[i]!;
    const element = Math.round(integer / step);
    const rest = integer - element * step;
    elements[i] = element;
    sum += element;
    square += integer * integer;
    errorSquare += rest * rest;
  }
  const error = Math.sqrt(errorSquare) * multiplier;
  return { elements, sum, step: step * multiplier, length: Math.sqrt(square) * multiplier, error };
}

/**
 * With q the query, e its elements x step, x a row and u what its upper halves say, q * x is e * u and what both leave
 * out: q * (x - u) + (q - e) * u, no more than the products of their lengths (Cauchy and Schwarz).
 */
export function boundingTerms(
  { step, sum, length, error }: BoundingQuery,
  { rest, near }: RowLengths,
  { constant }: Pick<QueryVector, "constant">,
): BoundingTerms {
  const distance = length * rest + error * near + roundingShare * length * (rest + near + middle * lanes);
  return {
    multiplier: 16 * step,
    shift: distance - middle * step * sum,
    constant: constant - Math.abs(constant) * roundingShare,
  };
}
