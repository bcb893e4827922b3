/** Batches of texts that are hard to tell apart: the contrastive stage learns from those. */
import { shuffle } from "../seeded-random.ts";
import { type Core, rangesOf } from "./core/core.ts";
import type { SharedMatrix } from "./core/shared-matrix.ts";

export interface ClusterOptions {
  readonly clusters: number;
  readonly iterations: number;
  /** Texts that the centres are computed of, at most. */
  readonly maxTexts: number;
}

const defaults: ClusterOptions = { clusters: 200, iterations: 10, maxTexts: 20_480 };
/** Rows compared with all centres at a time. */
const rowsPerRange = 256;

/**
 * Spherical k-means (Dhillon and Modha 2001): every text goes to the centre with the highest cosine.
 *
 * @param vectors of length 1, of which the first `rows` are meant
 * @returns the cluster of every text
 */
export async function clusterOf(
  core: Core,
  vectors: SharedMatrix,
  rows: number,
  random: () => number,
  options: Partial<ClusterOptions> = {},
): Promise<Uint32Array> {
  const { clusters, iterations, maxTexts } = { ...defaults, ...options };
  const { memory } = core;
  const { width } = vectors;
  return memory.scratch(async () => {
    const chosen = shuffle(
      Uint32Array.from({ length: rows }, (_, row) => row),
      random,
    ).subarray(0, maxTexts);
    const sample = memory.matrix(chosen.length, vectors.columns);
    chosen.forEach((row, i) => {
      sample.view.set(vectors.view.subarray(row * width, (row + 1) * width), i * width);
    });
    const centres = memory.matrix(Math.min(clusters, chosen.length), vectors.columns);
    centres.view.set(sample.view.subarray(0, centres.view.length));
    for (let iteration = 0; iteration < iterations; iteration++) {
      moveCentres(sample, await nearest(core, sample, sample.rows, centres), centres);
    }
    return nearest(core, vectors, rows, centres);
  });
}

async function nearest(
  core: Core,
  vectors: SharedMatrix,
  rows: number,
  centres: SharedMatrix,
): Promise<Uint32Array> {
  const { memory } = core;
  return memory.scratch(async () => {
    const cosines = memory.floats(rows * centres.rows);
    await core.run("productTransposed", rangesOf(rows, rowsPerRange), ({ from, to }) => [
      vectors.pointer + from * vectors.width * 4,
      to - from,
      centres.pointer,
      centres.rows,
      vectors.width,
      cosines.pointer + from * centres.rows * 4,
      centres.rows,
    ]);
    return Uint32Array.from({ length: rows }, (_, row) => {
      let best = 0;
      for (let c = 1, at = row * centres.rows; c < centres.rows; c++) {
        if (cosines.view[at + c]! > cosines.view[at + best]!) best = c;
      }
      return best;
    });
  });
}

/** A centre becomes the mean of its texts, with length 1; one without texts stays where it is. */
function moveCentres(vectors: SharedMatrix, clusters: Uint32Array, centres: SharedMatrix): void {
  const { width } = centres;
  const sums = new Float64Array(centres.view.length);
  clusters.forEach((cluster, row) => {
    for (let d = 0; d < width; d++) sums[cluster * width + d]! += vectors.view[row * width + d]!;
  });
  for (let at = 0; at < sums.length; at += width) {
    let squares = 0;
    for (let d = at; d < at + width; d++) squares += sums[d]! ** 2;
    if (squares === 0) continue;
    for (let d = at; d < at + width; d++) centres.view[d] = sums[d]! / Math.sqrt(squares);
  }
}

/**
 * Cuts texts into batches for one epoch: groups of one cluster each, whatever groups come together. What is
 * left of a cluster forms groups with what is left of others; what is left of all waits for the next epoch.
 *
 * @param clusters of every text
 * @param batchTexts texts per batch; all texts, down to a multiple of 4, if there are fewer
 */
export function similarBatches(
  clusters: Uint32Array,
  batchTexts: number,
  groupTexts: number,
  random: () => number,
): Uint32Array[] {
  const members = new Map<number, number[]>();
  for (const text of shuffle(Uint32Array.from(clusters.keys()), random)) {
    const cluster = members.get(clusters[text]!);
    if (cluster === undefined) members.set(clusters[text]!, [text]);
    else cluster.push(text);
  }
  const groups: number[][] = [];
  const rest: number[] = [];
  for (const cluster of members.values()) {
    const whole = cluster.length - (cluster.length % groupTexts);
    for (let at = 0; at < whole; at += groupTexts) groups.push(cluster.slice(at, at + groupTexts));
    rest.push(...cluster.slice(whole));
  }
  shuffle(rest, random);
  const wholeRest = rest.length - (rest.length % groupTexts);
  for (let at = 0; at < wholeRest; at += groupTexts) groups.push(rest.slice(at, at + groupTexts));
  // The incomplete group comes last: elsewhere it would shift all groups behind it across two batches.
  const order = Uint32Array.from([...shuffle(groups, random), rest.slice(wholeRest)].flat());
  const size = Math.min(batchTexts, order.length - (order.length % 4));
  return Array.from({ length: Math.floor(order.length / size) }, (_, i) =>
    order.slice(i * size, (i + 1) * size),
  );
}
