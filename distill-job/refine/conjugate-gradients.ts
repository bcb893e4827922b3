/** Sparse least squares with a prior, for all columns at once. */
import { type Core, rangesOf } from "./core/core.ts";
import type { SharedMatrix } from "./core/shared-matrix.ts";
import { multiply, type SparseMatrix, transposed } from "./core/sparse-matrix.ts";

/** Rows whose products are added up in float32; their sums are added up in double precision. */
const rowsPerRange = 512;

export interface LeastSquaresOptions {
  /** lambda: how much a row is held to where it began, in texts that it stands in alone. */
  readonly ridge: number;
  readonly iterations: number;
}

/**
 * Moves a table E, in place, towards the least |A E - T|^2 + ridge |E - E0|^2, E0 being where it began.
 *
 * Conjugate gradients on the normal equations (A'A + ridge) E = A'T + ridge E0 (Hestenes and Stiefel 1952),
 * preconditioned by their diagonal: tokens differ in frequency by four orders of magnitude, and without it
 * eight iterations move little but the frequent ones.
 *
 * @param pooling A: texts x tokens
 * @param targets T: texts x dimensions
 * @param table E: tokens x dimensions
 * @param onIteration called after every one with the preconditioned norm of A'(A E - T) + ridge (E - E0), which
 *   tends to 0
 */
export async function conjugateGradients(
  core: Core,
  pooling: SparseMatrix,
  targets: SharedMatrix,
  table: SharedMatrix,
  { ridge, iterations }: LeastSquaresOptions,
  onIteration: (residual: number) => void = () => {},
): Promise<void> {
  const { memory } = core;
  await memory.scratch(async () => {
    const { width, columns, rows } = table;
    const backwards = transposed(memory, pooling);
    const pooled = memory.matrix(pooling.rows, columns);
    const residual = memory.matrix(rows, columns);
    const product = memory.matrix(rows, columns);
    const direction = memory.matrix(rows, columns);
    const conditioned = memory.matrix(rows, columns);
    const inverseDiagonal = memory.floats(rows);
    inverseDiagonal.view.set(diagonal(backwards).map((square) => 1 / (square + ridge)));
    const factors = memory.floats(width);
    const ranges = rangesOf(rows, rowsPerRange);
    const textRanges = rangesOf(pooling.rows, rowsPerRange);
    const partial = memory.matrix(ranges.length, columns);

    const products = async (left: SharedMatrix, right: SharedMatrix): Promise<Float64Array> => {
      await core.run("columnProducts", ranges, ({ from, to }, i) => [
        left.pointer,
        right.pointer,
        from,
        to,
        width,
        partial.pointer + i * width * 4,
      ]);
      const sums = new Float64Array(width);
      partial.view.forEach((value, i) => {
        sums[i % width]! += value;
      });
      return sums;
    };
    const combine = async (
      call: "addColumnMultiples" | "addToColumnMultiples",
      target: SharedMatrix,
      source: SharedMatrix,
      byColumn: (column: number) => number,
      parts = ranges,
    ): Promise<void> => {
      factors.view.forEach((_, column) => {
        factors.view[column] = byColumn(column);
      });
      await core.run(call, parts, ({ from, to }) => [
        target.pointer,
        source.pointer,
        factors.pointer,
        from,
        to,
        width,
      ]);
    };

    const precondition = (): Promise<void> =>
      core.run("rowMultiples", ranges, ({ from, to }) => [
        conditioned.pointer,
        residual.pointer,
        inverseDiagonal.pointer,
        from,
        to,
        width,
      ]);

    // At E0 the prior's own gradient is 0, so the residual is A'(T - A E0).
    await multiply(core, pooling, table, pooled);
    await combine("addToColumnMultiples", pooled, targets, () => -1, textRanges);
    await multiply(core, backwards, pooled, residual);
    await precondition();
    direction.view.set(conditioned.view);
    let squares = await products(residual, conditioned);
    for (let iteration = 0; iteration < iterations; iteration++) {
      await multiply(core, pooling, direction, pooled);
      await multiply(core, backwards, pooled, product);
      await combine("addColumnMultiples", product, direction, () => ridge);
      const curvature = await products(direction, product);
      const steps = squares.map((square, column) => ratio(square, curvature[column]!));
      await combine("addColumnMultiples", table, direction, (column) => steps[column]!);
      await combine("addColumnMultiples", residual, product, (column) => -steps[column]!);
      await precondition();
      const next = await products(residual, conditioned);
      await combine("addToColumnMultiples", direction, conditioned, (column) =>
        ratio(next[column]!, squares[column]!),
      );
      squares = next;
      onIteration(Math.sqrt(squares.reduce((sum, square) => sum + square, 0)));
    }
  });
}

/** The diagonal of A'A: for every token the sum of its squared weights. */
function diagonal(backwards: SparseMatrix): Float64Array {
  const { offsets, weights } = backwards;
  return Float64Array.from({ length: backwards.rows }, (_, token) => {
    let sum = 0;
    for (let entry = offsets.view[token]!; entry < offsets.view[token + 1]!; entry++) {
      sum += weights.view[entry]! ** 2;
    }
    return sum;
  });
}

/** A column that has arrived, or is empty, stays where it is. */
function ratio(dividend: number, divisor: number): number {
  return divisor === 0 ? 0 : dividend / divisor;
}
