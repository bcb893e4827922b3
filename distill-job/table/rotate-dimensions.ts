/**
 * A random rotation of a table's dimensions, so that each carries as much as any other.
 *
 * Principal components carry less and less; one or two bits for each waste most of them on the last. After
 * a rotation all are alike, and every inner product is what it was.
 */
import { Matrix, QrDecomposition } from "ml-matrix";
import { gaussians } from "./gaussians.ts";

/** The rotation is part of no file: any will do, but the same table must give the same bytes. */
const seed = 20_260_813;

/**
 * Rotates the rows of a table.
 *
 * @param values rows x dimensions, row-major
 * @returns the rotated table, of the same shape
 */
export function rotateDimensions(values: Float32Array, dimensions: number): Float32Array {
  const axes = randomRotation(dimensions);
  const rotated = new Float32Array(values.length);
  const sums = new Float64Array(dimensions);
  for (let start = 0; start < values.length; start += dimensions) {
    sums.fill(0);
    for (let i = 0; i < dimensions; i++) {
      const value = values[start + i]!;
      const axis = axes[i]!;
      for (let j = 0; j < dimensions; j++) sums[j]! += value * axis[j]!;
    }
    rotated.set(sums, start);
  }
  return rotated;
}

/** An orthogonal matrix, evenly distributed: the Q of a Gaussian matrix (Mezzadri, 2007, section 5). */
function randomRotation(dimensions: number): Float64Array[] {
  const random = gaussians(seed);
  const gaussian = Matrix.zeros(dimensions, dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < dimensions; j++) gaussian.set(i, j, random());
  }
  const { orthogonalMatrix } = new QrDecomposition(gaussian);
  return Array.from({ length: dimensions }, (_, i) => Float64Array.from(orthogonalMatrix.getRow(i)));
}
