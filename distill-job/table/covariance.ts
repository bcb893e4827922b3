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
 * The covariance matrix, with rows - 1 as the divisor.
 *
 * Source of the divisor: scikit-learn, `decomposition/_pca.py`, `explained_variance_`.
 *
 * @param values rows x dimensions, row-major, two rows or more
 * @param means from `columnMeans`
 * @returns dimensions x dimensions
 */
export function covariance(values: Float32Array, means: Float64Array): Float64Array {
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
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) sums[i * dimensions + j] = sums[j * dimensions + i]!;
  }
  return sums.map((sum) => sum / (rows - 1));
}
