import { describe, expect, onTestFinished, test } from "vitest";
import { ContrastiveBatch, RowAdam, touchedRows } from "../../distill-job/refine/contrastive-batch.ts";
import { type EpochQuality, trainContrastively } from "../../distill-job/refine/contrastive-training.ts";
import { Core } from "../../distill-job/refine/core/core.ts";
import { valuesOf } from "../../distill-job/refine/core/shared-matrix.ts";
import { sparseMatrix } from "../../distill-job/refine/core/sparse-matrix.ts";
import { clusterOf, similarBatches } from "../../distill-job/refine/similar-texts.ts";
import { seededRandom } from "../../distill-job/seeded-random.ts";
import { fixedNoise } from "../support/tiny-model.ts";

const tokens = 40;
const dimensions = 9;
const temperature = 0.2;

/** Texts of 1 to 5 tokens; their targets are the normalized sums of hidden rows, or their opposites. */
async function problem(texts: number, threads = 2, misleadingFrom = texts) {
  const core = await Core.start(threads);
  onTestFinished(() => core.close());
  const { memory } = core;
  const rowOf = (text: number): Map<number, number> => {
    const row = new Map<number, number>();
    for (let i = 0; i <= text % 5; i++) row.set((text * 7 + i * i * 3) % tokens, 1 + (i % 2));
    return row;
  };
  const hidden = fixedNoise(tokens * dimensions, 5);
  const targets = new Float32Array(texts * dimensions);
  for (let text = 0; text < texts; text++) {
    const sum = targets.subarray(text * dimensions, (text + 1) * dimensions);
    for (const [token, weight] of rowOf(text)) {
      for (let d = 0; d < dimensions; d++) sum[d]! += weight * hidden[token * dimensions + d]!;
    }
    const norm = (text < misleadingFrom ? 1 : -1) * Math.hypot(...sum);
    for (let d = 0; d < dimensions; d++) sum[d]! /= norm;
  }
  const start = fixedNoise(tokens * dimensions, 6);
  const data = {
    pooling: sparseMatrix(memory, texts, tokens, rowOf),
    targets: memory.matrixOf(targets, dimensions),
    table: memory.matrixOf(start, dimensions),
  };
  return { core, data, rowOf, targets, start };
}

/** The mean loss in plain double precision. */
function lossOf(
  table: ArrayLike<number>,
  targets: Float32Array,
  batch: Uint32Array,
  rowOf: (text: number) => Map<number, number>,
): number {
  const cosine = (student: number[], text: number): number =>
    student.reduce((sum, value, d) => sum + value * targets[text * dimensions + d]!, 0);
  let losses = 0;
  for (const text of batch) {
    const sum = new Array<number>(dimensions).fill(0);
    for (const [token, weight] of rowOf(text)) {
      for (let d = 0; d < dimensions; d++) sum[d]! += weight * table[token * dimensions + d]!;
    }
    const norm = Math.hypot(...sum);
    const student = sum.map((value) => value / norm);
    const powers = Array.from(batch, (other) => Math.exp(cosine(student, other) / temperature));
    losses += Math.log(powers.reduce((total, power) => total + power)) - cosine(student, text) / temperature;
  }
  return losses / batch.length;
}

test("loss and gradient are those of InfoNCE, by finite differences", async () => {
  const { core, data, rowOf, targets, start } = await problem(100);
  const texts = Uint32Array.from({ length: 68 }, (_, i) => (i * 13) % 100);
  const batch = new ContrastiveBatch(core, data, texts.length, temperature);
  expect(await batch.contrast(texts)).toBeCloseTo(lossOf(start, targets, texts, rowOf), 5);

  const touched = touchedRows(data.pooling, texts, new Uint32Array(tokens));
  const { width } = batch.gradients;
  let largest = 0;
  touched.rows.forEach((row, place) => {
    for (let d = 0; d < dimensions; d++) {
      let gradient = 0;
      for (let entry = touched.offsets[place]!; entry < touched.offsets[place + 1]!; entry++) {
        gradient += touched.weights[entry]! * batch.gradients.view[touched.texts[entry]! * width + d]!;
      }
      const step = 1e-4;
      const moved = (by: number): number =>
        lossOf(
          Float64Array.from(start).fill(
            start[row * dimensions + d]! + by,
            row * dimensions + d,
            row * dimensions + d + 1,
          ),
          targets,
          texts,
          rowOf,
        );
      const expected = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(gradient - expected)).toBeLessThan(2e-6);
      largest = Math.max(largest, Math.abs(expected));
    }
  });
  expect(largest).toBeGreaterThan(2e-3);
});

test("Adam moves the rows of a batch by its formula, and no other", async () => {
  const { core, data, start } = await problem(8);
  const gradients = core.memory.matrixOf(fixedNoise(8 * dimensions, 9), dimensions);
  const texts = Uint32Array.of(0, 4);
  const touched = touchedRows(data.pooling, texts, new Uint32Array(tokens));
  const adam = new RowAdam(core, data.table);
  const expected = Float64Array.from(start);
  const means = new Float64Array(expected.length);
  const squares = new Float64Array(expected.length);
  for (const [step, rate] of [
    [1, 0.1],
    [2, 0.05],
  ] as const) {
    await adam.step(touched, gradients, rate);
    touched.rows.forEach((row, place) => {
      for (let d = 0; d < dimensions; d++) {
        let gradient = 0;
        for (let entry = touched.offsets[place]!; entry < touched.offsets[place + 1]!; entry++) {
          gradient += touched.weights[entry]! * gradients.view[touched.texts[entry]! * gradients.width + d]!;
        }
        const at = row * dimensions + d;
        means[at] = 0.9 * means[at]! + 0.1 * gradient;
        squares[at] = 0.999 * squares[at]! + 0.001 * gradient ** 2;
        const mean = means[at]! / (1 - 0.9 ** step);
        expected[at]! -= (rate * mean) / (Math.sqrt(squares[at]! / (1 - 0.999 ** step)) + 1e-8);
      }
    });
  }
  const errors = valuesOf(data.table).map((value, i) => Math.abs(value - expected[i]!));
  expect(Math.max(...errors)).toBeLessThan(1e-5);
  expect(touched.rows.length).toBeLessThan(tokens);
});

describe("training", () => {
  const options = { epochs: 40, batchTexts: 128, groupTexts: 16, temperature, learningRate: 0.1 };

  async function trained(threads: number, seed = 1, misleadingFrom?: number) {
    const { core, data, start } = await problem(700, threads, misleadingFrom);
    const curve: EpochQuality[] = [];
    const epochs = await trainContrastively(core, data, 600, options, seededRandom(seed), (quality) =>
      curve.push(quality),
    );
    return { table: valuesOf(data.table), curve, epochs, start };
  }

  test("finds the hidden table, as texts that were held out show", async () => {
    const { curve } = await trained(2);
    expect(curve).toHaveLength(options.epochs + 1);
    expect(curve[0]!.heldOutCosine).toBeLessThan(0.3);
    expect(curve.at(-1)!.heldOutCosine).toBeGreaterThan(0.9);
    expect(curve.at(-1)!.trainLoss).toBeLessThan(0.7 * curve[1]!.trainLoss!);
  });

  test("gives the same bits for a seed with any number of threads, others for another", async () => {
    const [one, three, other] = [await trained(1), await trained(3), await trained(1, 2)];
    expect(one.table).toEqual(three.table);
    expect(one.curve).toEqual(three.curve);
    expect(one.table).not.toEqual(other.table);
  });

  test("stops after two epochs that make held-out texts no better, and takes the table back", async () => {
    const { epochs, curve, table, start } = await trained(1, 1, 600);
    expect(epochs).toBe(0);
    expect(curve).toHaveLength(3);
    expect(table).toEqual(start);
  });
});

test("clusters are texts that point the same way", async () => {
  const core = await Core.start(2);
  onTestFinished(() => core.close());
  const noise = fixedNoise(120 * 4, 3);
  const vectors = Float32Array.from(noise, (value, i) => 0.05 * value + (i % 4 === (i >> 2) % 4 ? 1 : 0));
  const clusters = await clusterOf(core, core.memory.matrixOf(vectors, 4), 120, seededRandom(11), {
    clusters: 12,
  });
  const axesByCluster = new Map<number, Set<number>>();
  clusters.forEach((cluster, row) => {
    axesByCluster.set(cluster, (axesByCluster.get(cluster) ?? new Set()).add(row % 4));
  });
  expect([...axesByCluster.values()].every((axes) => axes.size === 1)).toBe(true);
});

test("batches hold groups of one cluster, and no text twice", () => {
  const clusters = Uint32Array.from({ length: 1000 }, (_, i) => (i * i) % 7);
  const batches = similarBatches(clusters, 128, 32, seededRandom(1));
  expect(batches).toHaveLength(7);
  const texts = batches.flatMap((batch) => [...batch]);
  expect(new Set(texts).size).toBe(7 * 128);
  const pure = batches.flatMap((batch) =>
    [0, 32, 64, 96].filter(
      (at) => new Set(batch.slice(at, at + 32).map((text) => clusters[text]!)).size === 1,
    ),
  );
  expect(pure.length).toBeGreaterThan(20);
  expect(similarBatches(clusters.slice(0, 50), 128, 32, seededRandom(1)).map(({ length }) => length)).toEqual(
    [48],
  );
});
