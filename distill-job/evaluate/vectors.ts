/** Vectors of many texts, row after row, and what is computed of them. */

export interface Vectors {
  /** rows x dimensions */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dimensions: number;
}

/** One row of them. */
export function rowOf({ values, dimensions }: Vectors, row: number): Float32Array {
  return values.subarray(row * dimensions, (row + 1) * dimensions);
}

/** Rows of length 1, so that products are cosines; zeros stay zeros. */
export function unitVectors(vectors: Vectors): Vectors {
  const { rows, dimensions } = vectors;
  const values = new Float32Array(vectors.values);
  for (let row = 0; row < rows; row++) {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 0) vector.set(vector.map((value) => value / norm));
  }
  return { values, rows, dimensions };
}

/** Sum of the products, in double precision. */
export function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return sum;
}
