/** Gives the dimensions of a table more equal shares of its cosines. */
import type { Core } from "./core/core.ts";
import type { SharedMatrix } from "./core/shared-matrix.ts";
import { multiply, type SparseMatrix } from "./core/sparse-matrix.ts";

/**
 * Divides every dimension of a table, in place, by the standard deviation that it has in the pooled vectors of
 * texts (of length 1), to a power. A few principal components hold most of the variance, and say most about
 * the subject; the others tell texts on one subject apart.
 *
 * @param pooling texts x tokens, as texts are pooled
 * @param table tokens x dimensions
 * @param power 0 leaves everything as it is, 1 makes all standard deviations equal: whitening, in the basis of
 *   the principal components
 */
export async function equalizeDimensions(
  core: Core,
  pooling: SparseMatrix,
  table: SharedMatrix,
  power: number,
): Promise<void> {
  await core.memory.scratch(async () => {
    const pooled = core.memory.matrix(pooling.rows, table.columns);
    await multiply(core, pooling, table, pooled);
    const deviations = deviationsOfUnitRows(pooled);
    const factors = deviations.map((deviation) => (deviation === 0 ? 1 : deviation ** -power));
    const { view, width, rows } = table;
    for (let row = 0; row < rows; row++) {
      for (let d = 0; d < factors.length; d++) view[row * width + d]! *= factors[d]!;
    }
  });
}

/** Standard deviation of every column after every row was given length 1; rows of zeros stay zeros. */
function deviationsOfUnitRows({ view, rows, columns, width }: SharedMatrix): Float64Array {
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const values = view.subarray(row * width, row * width + columns);
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    if (length === 0) continue;
    for (let d = 0; d < columns; d++) {
      const value = values[d]! / length;
      sums[d]! += value;
      squares[d]! += value * value;
    }
  }
  return sums.map((sum, d) => Math.sqrt(Math.max(0, squares[d]! / rows - (sum / rows) ** 2)));
}
