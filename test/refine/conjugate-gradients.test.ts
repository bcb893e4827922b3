import { Matrix, solve } from "ml-matrix";
import { expect, onTestFinished, test } from "vitest";
import { conjugateGradients } from "../../distill-job/refine/conjugate-gradients.ts";
import { Core } from "../../distill-job/refine/core/core.ts";
import { valuesOf } from "../../distill-job/refine/core/shared-matrix.ts";
import { sparseMatrix } from "../../distill-job/refine/core/sparse-matrix.ts";
import { fixedNoise } from "../support/tiny-model.ts";

const texts = 1300;
const tokens = 600;
const dimensions = 5;
const ridge = 0.03;

const target = fixedNoise(texts * dimensions, 2);
const start = fixedNoise(tokens * dimensions, 3);
const rows = Array.from({ length: texts }, (_, text) => {
  const row = new Map<number, number>();
  for (let i = 0; i < 1 + (text % 7); i++) row.set((text * 31 + i * i * 17) % (tokens - 1), 1 / (1 + i));
  return row;
});

async function refined(threads: number, iterations: number) {
  const core = await Core.start(threads);
  onTestFinished(() => core.close());
  const table = core.memory.matrixOf(start, dimensions);
  const residuals: number[] = [];
  await conjugateGradients(
    core,
    sparseMatrix(core.memory, texts, tokens, (text) => rows[text]!),
    core.memory.matrixOf(target, dimensions),
    table,
    { ridge, iterations },
    (residual) => residuals.push(residual),
  );
  return { table: valuesOf(table), residuals };
}

test("conjugate gradients find what a dense solver finds", async () => {
  const pooling = Matrix.zeros(texts, tokens);
  rows.forEach((row, text) => {
    for (const [token, weight] of row) pooling.set(text, token, weight);
  });
  const matrixOf = (values: Float32Array, height: number): Matrix =>
    Matrix.from1DArray(height, dimensions, values);
  const backwards = pooling.transpose();
  const normal = backwards.mmul(pooling).add(Matrix.eye(tokens).mul(ridge));
  const right = backwards.mmul(matrixOf(target, texts)).add(matrixOf(start, tokens).mul(ridge));
  const expected = solve(normal, right).to1DArray();

  const { table, residuals } = await refined(2, 120);
  const error = Math.max(...expected.map((value, i) => Math.abs(value - table[i]!)));
  expect(error).toBeLessThan(2e-3);
  expect(residuals.at(-1)).toBeLessThan(1e-3 * residuals[0]!);
  // A token that stands in no text stays where it was.
  expect(table.subarray(-dimensions)).toEqual(start.subarray(-dimensions));
});

test("the bits are the same with any number of threads", async () => {
  const [one, three] = await Promise.all([refined(1, 8), refined(3, 8)]);
  expect(one.table).toEqual(three.table);
});
