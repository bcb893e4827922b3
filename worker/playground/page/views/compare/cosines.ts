/** Cosines of vectors with each other. */

/**
 * The cosine of vectors of length 1, which their product is; 0 with a vector of zeros, which a text without a known
 * token has.
 */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export interface Pair {
  readonly row: number;
  readonly column: number;
  readonly cosine: number;
}

/** The closest two of several vectors; null if there are fewer than two. */
export function closestPair(cosines: readonly (readonly number[])[]): Pair | null {
  let closest: Pair | null = null;
  for (let row = 1; row < cosines.length; row++) {
    for (let column = 0; column < row; column++) {
      const value = cosines[row]![column]!;
      if (closest === null || value > closest.cosine) closest = { row: column, column: row, cosine: value };
    }
  }
  return closest;
}
