/** k-means and the quantization of vocabularies: what it finds, and what model2vec 0.8 and scikit-learn find. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterRows } from "../../distill-job/clustering/cluster-rows.ts";
import { clustersAround, compare, emptyClusters } from "../../distill-job/clustering/clusters.ts";
import { kMeans } from "../../distill-job/clustering/k-means.ts";
import { startingCentres } from "../../distill-job/clustering/starting-centres.ts";
import { vMeasure } from "../../distill-job/evaluate/v-measure.ts";
import { Core } from "../../distill-job/refine/core/core.ts";
import { valuesOf } from "../../distill-job/refine/core/shared-matrix.ts";
import { seededRandom } from "../../distill-job/seeded-random.ts";
import { shareRows } from "../../distill-job/table/share-rows.ts";
import { fixedNoise } from "../support/tiny-model.ts";
import golden from "./golden/quantize-vocabulary.json" with { type: "json" };

let core: Core;
beforeAll(async () => {
  core = await Core.start(2);
});
afterAll(() => core.close());

function squaredDistance(
  values: Float32Array,
  row: number,
  centres: Float32Array,
  centre: number,
  width: number,
) {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (values[row * width + i]! - centres[centre * width + i]!) ** 2;
  return sum;
}

/** The nearest centre of every row, by comparing it with all, in double precision. */
function nearestOf(values: Float32Array, centres: Float32Array, width: number): Uint32Array {
  return Uint32Array.from({ length: values.length / width }, (_, row) => {
    const distances = Array.from({ length: centres.length / width }, (_, centre) =>
      squaredDistance(values, row, centres, centre, width),
    );
    return distances.indexOf(Math.min(...distances));
  });
}

describe("k-means", () => {
  it("finds clusters that lie apart", async () => {
    const labels = Int32Array.from({ length: 90 }, (_, i) => i % 3);
    const values = fixedNoise(180, 3).map((noise, i) => {
      const centre = [0, 0, 10, 0, 0, 10][(labels[i >> 1]! << 1) + (i & 1)]!;
      return centre + noise / 2;
    });
    const { clusters } = await clusterRows(values, 2, 3, seededRandom(1));
    expect(vMeasure(labels, clusters)).toBe(1);
  });

  it.each([
    ["few clusters of many rows", 1200, 6, 9],
    ["many of few", 700, 6, 250],
    ["as many as rows", 60, 6, 60],
    ["one", 50, 3, 1],
  ])(
    "ends where every row is with the nearest mean of a cluster's rows: %s",
    async (_, rows, width, count) => {
      const values = fixedNoise(rows * width, count);
      const { clusters, centres, inertia } = await clusterRows(values, width, count, seededRandom(2));
      expect(centres.length).toBe(count * width);
      expect(new Set(clusters).size).toBe(count);
      expect(clusters).toEqual(nearestOf(values, centres, width));
      const means = new Float64Array(count * width);
      const sizes = new Float64Array(count);
      clusters.forEach((cluster, row) => {
        sizes[cluster]! += 1;
        for (let i = 0; i < width; i++) means[cluster * width + i]! += values[row * width + i]!;
      });
      centres.forEach((value, i) => {
        expect(value).toBeCloseTo(means[i]! / sizes[Math.floor(i / width)]!, 6);
      });
      const sum = clusters.reduce(
        (total, cluster, row) => total + squaredDistance(values, row, centres, cluster, width),
        0,
      );
      expect(Math.abs(inertia - sum)).toBeLessThan(1e-3);
    },
  );

  it("gives the same for the same seed with any number of threads, and else for another", async () => {
    const values = fixedNoise(3000 * 8, 5);
    const first = await clusterRows(values, 8, 200, seededRandom(1), { threads: 1 });
    expect(await clusterRows(values, 8, 200, seededRandom(1), { threads: 3 })).toEqual(first);
    expect((await clusterRows(values, 8, 200, seededRandom(2))).clusters).not.toEqual(first.clusters);
  });

  it("has as many clusters as rows differ, if there are fewer than were asked for", async () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => Math.floor(i / 2) % 5);
    const { clusters, centres } = await clusterRows(values, 2, 20, seededRandom(1));
    expect([...centres].toSorted()).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    clusters.forEach((cluster, row) => {
      expect(centres[cluster * 2]).toBe(row % 5);
    });
  });

  it("tells how far it is", async () => {
    const calls: string[] = [];
    await clusterRows(fixedNoise(900 * 4), 4, 300, seededRandom(1), {
      onCentres: (done, total) => calls.push(`${done} of ${total}`),
      onRound: (round, changed) => calls.push(`round ${round}: ${changed > 0}`),
    });
    expect(calls.slice(0, 2)).toEqual(["1 of 300", "3 of 300"]);
    expect(calls).toContain("300 of 300");
    expect(calls).toContain("round 1: true");
    expect(calls.at(-1)).toMatch(/round \d+: false/);
  });

  it("moves a centre that has no rows to the row that is farthest from its own", async () => {
    const vectors = core.memory.matrixOf(Float32Array.of(0, 1, 2, 10, 11, 30), 1);
    const centres = core.memory.matrixOf(Float32Array.of(11, 500, 12), 1);
    const clusters = await clustersAround(core, vectors, 6, centres, "distance");
    await kMeans(core, vectors, clusters, { closeness: "distance", rounds: 20 });
    expect(valuesOf(centres).toSorted()).toEqual(Float32Array.of(1, 10.5, 30));
  });

  it("leaves a centre without rows where it is, by cosine", async () => {
    const vectors = core.memory.matrixOf(Float32Array.of(1, 0, 0.6, 0.8, 0, 1), 2);
    const centres = core.memory.matrixOf(Float32Array.of(1, 0, -1, 0), 2);
    const clusters = await clustersAround(core, vectors, 3, centres, "cosine");
    await kMeans(core, vectors, clusters, { closeness: "cosine", rounds: 20 });
    const [x, y, ...rest] = valuesOf(centres);
    expect(rest).toEqual([-1, 0]);
    expect(Math.hypot(x!, y!)).toBeCloseTo(1, 6);
    expect(y! / x!).toBeCloseTo(1.8 / 1.6, 6);
  });

  it("takes the first of two centres that are as near, in whatever order they come", async () => {
    const vectors = core.memory.matrixOf(Float32Array.of(1, 2, 9), 1);
    const centres = core.memory.matrixOf(Float32Array.of(8, 0, 8, 3, 0), 1);
    const clusters = await clustersAround(core, vectors, 3, centres, "distance");
    expect([...clusters.nearest.view]).toEqual([1, 3, 0]);
    const late = emptyClusters(core, 3, centres);
    for (const numbers of [[4, 2], [3], [1, 0]]) {
      await compare(core, vectors, late, Uint32Array.from(numbers), "distance");
    }
    expect(late.nearest.view).toEqual(clusters.nearest.view);
  });

  it("begins with different rows, the far ones more often", async () => {
    const values = Float32Array.from({ length: 400 }, (_, i) => (i < 390 ? i / 1e4 : 100 + i));
    const vectors = core.memory.matrixOf(values, 1);
    const { centres } = await startingCentres(core, vectors, 11, seededRandom(3));
    expect(new Set(centres.view.filter((_, i) => i % centres.width === 0)).size).toBe(11);
    expect(valuesOf(centres).filter((value) => value > 100).length).toBeGreaterThanOrEqual(10);
  });
});

describe("a vocabulary quantized", () => {
  const { tokens, dimensions, clusters } = golden;
  const table = fixedNoise(tokens * dimensions, 7).map(
    (value, i) => value / (1 + (Math.floor(i / dimensions) % 10)),
  );

  /** Squared error of what was clustered, and of the tokens' vectors. */
  function errorsOf(shared: Awaited<ReturnType<typeof shareRows>>, hasWeights: boolean) {
    const { values, mapping } = shared;
    let inertia = 0;
    let error = 0;
    table.forEach((value, i) => {
      const token = Math.floor(i / dimensions);
      const weight = mapping.weights[token]!;
      const row = values[mapping.rows[token]! * dimensions + (i % dimensions)]!;
      const clustered = hasWeights ? value : value / weight;
      inertia += (clustered - row) ** 2;
      error += ((clustered - row) * weight) ** 2;
    });
    return { inertia, error };
  }

  it.each([
    ["without weights: by direction, lengths as weights", golden.withoutWeights, null],
    ["with weights", golden.withWeights, Float64Array.from({ length: tokens }, (_, i) => 1 / (i + 2))],
  ])("%s, is as close as model2vec's", async (_, expected, weights) => {
    const shared = await shareRows(table, dimensions, { clusters, weights });
    expect(shared.values.length).toBe(clusters * dimensions);
    expected.weights.forEach((weight, token) => {
      expect(shared.mapping.weights[token]).toBeCloseTo(weight, 5);
    });
    const { inertia, error } = errorsOf(shared, weights !== null);
    expect(shared.inertia).toBeCloseTo(inertia, 2);
    expect(inertia / expected.inertia).toBeLessThan(1.01);
    expect(error / expected.error).toBeLessThan(1.05);
  });

  it("gives rows of zeros no weight", async () => {
    const withZeros = table.slice(0, 10 * dimensions).fill(0, 0, dimensions);
    const { mapping, values } = await shareRows(withZeros, dimensions, { clusters: 3, weights: null });
    expect(mapping.weights[0]).toBe(0);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it.each([0, 1.5, tokens + 1, Number.NaN])("is refused with %d clusters", async (count) => {
    await expect(shareRows(table, dimensions, { clusters: count, weights: null })).rejects.toMatchObject({
      code: "invalid_request",
      param: "vocabulary-quantization",
    });
  });
});
