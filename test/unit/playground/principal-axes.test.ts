/** The map's axes are those of principal component analysis, as ml-matrix computes it. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { seededRandom } from "../../../distill-job/seeded-random.ts";
import { principalAxes, project } from "../../../worker/playground/page/views/map/principal-axes.ts";

const breathe = async (): Promise<void> => {};

/** Rows whose spread along each dimension is its own. */
function spreadRows(count: number, spreads: readonly number[]): Float32Array {
  const random = seededRandom(7);
  return Float32Array.from({ length: count * spreads.length }, (_, i) => {
    const spread = spreads[i % spreads.length]!;
    return 0.3 + spread * (random() + random() + random() - 1.5);
  });
}

test("are the two eigenvectors of the covariance with the largest eigenvalues", async () => {
  const width = 6;
  const count = 400;
  const rows = spreadRows(count, [1, 3, 0.5, 2, 0.2, 0.7]);
  // Turned, so that no axis lies along a dimension.
  for (let i = 0; i < count; i++) {
    const [a, b] = [rows[i * width + 1]!, rows[i * width + 4]!];
    rows[i * width + 1] = 0.8 * a - 0.6 * b;
    rows[i * width + 4] = 0.6 * a + 0.8 * b;
  }
  const matrix = new Matrix(
    Array.from({ length: count }, (_, i) => [...rows.subarray(i * width, (i + 1) * width)]),
  );
  matrix.subRowVector(matrix.mean("column"));
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(
    matrix.transpose().mmul(matrix),
    {
      assumeSymmetric: true,
    },
  );
  const order = realEigenvalues.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);

  const found = await principalAxes(rows, count, width, breathe);
  for (const [place, axis] of found.axes.entries()) {
    const expected = eigenvectorMatrix.getColumn(order[place]!.i);
    const cosine = axis.reduce((sum, value, i) => sum + value * expected[i]!, 0);
    expect(Math.abs(cosine)).toBeCloseTo(1, 4);
  }
  const all = realEigenvalues.reduce((a, b) => a + b);
  expect(found.explained).toBeCloseTo((order[0]!.value + order[1]!.value) / all, 4);
});

test("put the mean in the middle of the map", async () => {
  const rows = spreadRows(50, [1, 2, 3]);
  const axes = await principalAxes(rows, 50, 3, breathe);
  for (const value of project(axes.mean, axes)) expect(value).toBeCloseTo(0, 6);
});

test.each([
  ["no points", 0, 3],
  ["one point", 1, 3],
  ["points of one dimension", 5, 1],
])("are numbers for %s", async (_, count, width) => {
  const rows = spreadRows(
    count,
    Array.from({ length: width }, () => 1),
  );
  const { axes, explained } = await principalAxes(rows, count, width, breathe);
  expect([...axes[0], ...axes[1], explained].every(Number.isFinite)).toBe(true);
});

test("are at right angles where all points are the same", async () => {
  const { axes } = await principalAxes(new Float32Array(40).fill(0.5), 10, 4, breathe);
  expect(axes[0].reduce((sum, value, i) => sum + value * axes[1][i]!, 0)).toBeCloseTo(0, 6);
  for (const axis of axes) expect(Math.hypot(...axis)).toBeCloseTo(1, 6);
});
