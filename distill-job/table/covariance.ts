/** Mean and covariance of the rows of a matrix, summed in double precision. */
import { addProductTransposed } from "./matrix-product.ts";

/** Rows that are centred and multiplied at a time: 64 x 384 doubles fit into a core's cache. */
const rowsPerPanel = 64;

/** @param values rows x dimensions, row-major */
export function columnMeans(values: Float32Array, dimensions: number): Float64Array {
  const sums = new Float64Array(dimensions);
  for (let at = 0; at < values.length; at += dimensions) {
    for (let d = 0; d < dimensions; d++) sums[d]! += values[at + d]!;
  }
  const rows = values.length / dimensions;
  return sums.map((sum) => sum / rows);
}

/**
 * The scatter matrix: the sum of every centred row times itself.
 *
 * @param values rows x dimensions, row-major
 * @param means from `columnMeans`
 * @returns dimensions x dimensions, of which what lies below the diagonal is not filled in
 */
export function scatter(values: Float32Array, means: Float64Array): Float64Array {
  const dimensions = means.length;
  const rows = values.length / dimensions;
  const sums = new Float64Array(dimensions * dimensions);
  for (let first = 0; first < rows; first += rowsPerPanel) {
    const count = Math.min(rowsPerPanel, rows - first);
    const panel = new Float64Array(dimensions * count);
    // Transposed, so that the product reads both of its factors along their rows.
    for (let row = 0; row < count; row++) {
      const at = (first + row) * dimensions;
      for (let d = 0; d < dimensions; d++) panel[d * count + row] = values[at + d]! - means[d]!;
    }
    addProductTransposed(panel, panel, count, sums, true);
  }
  return sums;
}

/**
 * The covariance matrix, with rows - 1 as the divisor.
 *
 * Source of the divisor: scikit-learn, `decomposition/_pca.py`, `explained_variance_`.
 *
 * @param scatters scatter matrices of the parts of the rows, which are added up in their order
 * @param rows rows of all parts together, two or more
 */
export function covariance(scatters: readonly Float64Array[], rows: number): Float64Array {
  const matrix = new Float64Array(scatters[0]!.length);
  const dimensions = Math.sqrt(matrix.length);
  for (const part of scatters) {
    for (let i = 0; i < matrix.length; i++) matrix[i]! += part[i]! / (rows - 1);
  }
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) matrix[i * dimensions + j] = matrix[j * dimensions + i]!;
  }
  return matrix;
}
