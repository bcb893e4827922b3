/** Rows seen along other axes. */
import { addProductTransposed } from "./matrix-product.ts";

/** Rows that are projected at a time: 32 x 384 doubles fit into a core's cache. */
const rowsPerPanel = 32;

/**
 * Centres rows and projects them on axes, in double precision.
 *
 * @param values rows x dimensions, row-major
 * @param means mean of every column: dimensions values
 * @param axes count x dimensions, row-major
 * @returns rows x count values
 */
export function project(values: Float32Array, means: Float64Array, axes: Float64Array): Float32Array {
  const dimensions = means.length;
  const rows = values.length / dimensions;
  const count = axes.length / dimensions;
  const projected = new Float32Array(rows * count);
  for (let first = 0; first < rows; first += rowsPerPanel) {
    const panel = new Float64Array(Math.min(rowsPerPanel, rows - first) * dimensions);
    for (let i = 0, at = first * dimensions; i < panel.length; i += dimensions, at += dimensions) {
      for (let d = 0; d < dimensions; d++) panel[i + d] = values[at + d]! - means[d]!;
    }
    const product = new Float64Array((panel.length / dimensions) * count);
    addProductTransposed(panel, axes, dimensions, product);
    projected.set(product, first * count);
  }
  return projected;
}
