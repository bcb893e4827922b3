import { expect, onTestFinished, test } from "vitest";
import { Core } from "../../distill-job/refine/core/core.ts";
import { valuesOf } from "../../distill-job/refine/core/shared-matrix.ts";
import { placeInSpace, targetSpace } from "../../distill-job/refine/targets.ts";
import { vectorsInMemory } from "../../distill-job/refine/teacher-pass/vector-source.ts";
import { seededRandom } from "../../distill-job/seeded-random.ts";

const rows = 300;
const random = seededRandom(4);

/** Vectors around a mean that is far from 0. */
function teacher(dimensions: number): Float32Array {
  return Float32Array.from({ length: rows * dimensions }, (_, i) => random() + (i % dimensions));
}

/** Centred, of length `weight`. */
function centred(values: Float32Array, dimensions: number, weight: number): number[][] {
  const vectors = Array.from({ length: rows }, (_, row) => [
    ...values.subarray(row * dimensions, (row + 1) * dimensions),
  ]);
  const means = vectors[0]!.map((_, d) => vectors.reduce((sum, vector) => sum + vector[d]! / rows, 0));
  return vectors.map((vector) => {
    const difference = vector.map((value, d) => value - means[d]!);
    return difference.map((value) => (value * weight) / Math.hypot(...difference));
  });
}

test("vectors stand side by side, centred and weighed, seen from their mean along rotated axes", async () => {
  const core = await Core.start(2);
  onTestFinished(() => core.close());
  const first = teacher(3);
  const second = teacher(4);
  const sources = [
    vectorsInMemory({ values: first, rows, dimensions: 3 }),
    vectorsInMemory({ values: second, rows, dimensions: 4 }),
  ];
  const weights = [1, 1.5];
  const space = await targetSpace(
    sources.map((vectors, i) => ({ vectors, weight: weights[i]! })),
    7,
    1,
  );
  const placed = valuesOf(await placeInSpace(core, space, sources, false));
  const left = centred(first, 3, 1);
  const right = centred(second, 4, 1.5);
  const joined = left.map((vector, i) => [...vector, ...right[i]!]);
  const means = joined[0]!.map((_, d) => joined.reduce((sum, vector) => sum + vector[d]! / rows, 0));
  const expected = joined.map((vector) => vector.map((value, d) => value - means[d]!));
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, value, d) => sum + value * b[d]!, 0);
  // With as many axes as there are dimensions, a rotation: all inner products stay.
  for (let i = 0; i < rows; i += 13) {
    for (let j = 0; j < rows; j += 17) {
      const got = dot(placed.subarray(i * 7, (i + 1) * 7), placed.subarray(j * 7, (j + 1) * 7));
      expect(got).toBeCloseTo(dot(expected[i]!, expected[j]!), 4);
    }
  }
});
