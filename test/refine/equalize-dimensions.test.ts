import { afterAll, beforeAll, expect, test } from "vitest";
import { Core } from "../../distill-job/refine/core/core.ts";
import { valuesOf } from "../../distill-job/refine/core/shared-matrix.ts";
import { sparseMatrix } from "../../distill-job/refine/core/sparse-matrix.ts";
import { equalizeDimensions } from "../../distill-job/refine/equalize-dimensions.ts";
import { seededRandom } from "../../distill-job/seeded-random.ts";

let core: Core;
beforeAll(async () => {
  core = await Core.start(2);
});
afterAll(() => core.close());

/** Every text is one token, so that pooled vectors are the rows. */
async function equalized(values: Float32Array, dimensions: number, power: number): Promise<Float32Array> {
  const table = core.memory.matrixOf(values, dimensions);
  const pooling = sparseMatrix(core.memory, table.rows, table.rows, (row) => new Map([[row, 1]]));
  await equalizeDimensions(core, pooling, table, power);
  return valuesOf(table);
}

/** Standard deviation of a column of unit rows. */
function deviation(values: Float32Array, dimensions: number, column: number): number {
  const rows = values.length / dimensions;
  const units = Array.from({ length: rows }, (_, row) => {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    return vector[column]! / Math.hypot(...vector);
  });
  const mean = units.reduce((sum, value) => sum + value, 0) / rows;
  return Math.sqrt(units.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
}

const dimensions = 3;
const random = seededRandom(1);
const values = Float32Array.from(
  { length: 900 * dimensions },
  (_, i) => (random() - 0.5) * [9, 3, 1][i % 3]!,
);

test("dimensions are divided by their standard deviations in unit vectors, to the power", async () => {
  const result = await equalized(values, dimensions, 0.5);
  for (let column = 0; column < dimensions; column++) {
    const factor = deviation(values, dimensions, column) ** -0.5;
    for (let row = 0; row < 900; row += 97) {
      expect(result[row * dimensions + column]! / values[row * dimensions + column]!).toBeCloseTo(factor, 4);
    }
  }
});

test("a power of 0 changes nothing, and an empty dimension stays empty", async () => {
  expect(await equalized(values, dimensions, 0)).toEqual(values);
  const flat = values.map((value, i) => (i % dimensions === 1 ? 0 : value));
  const result = await equalized(flat, dimensions, 1);
  expect(result.every(Number.isFinite)).toBe(true);
  expect(result.filter((_, i) => i % dimensions === 1).every((value) => value === 0)).toBe(true);
});
