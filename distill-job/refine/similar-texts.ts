/** Batches of texts that are hard to tell apart: the contrastive stage learns from those. */
import { clustersAround, gatherRows } from "../clustering/clusters.ts";
import { kMeans } from "../clustering/k-means.ts";
import { shuffle } from "../seeded-random.ts";
import type { Core } from "./core/core.ts";
import type { SharedMatrix } from "./core/shared-matrix.ts";

export interface ClusterOptions {
  readonly clusters: number;
  readonly iterations: number;
  /** Texts that the centres are computed of, at most. */
  readonly maxTexts: number;
}

const defaults: ClusterOptions = { clusters: 200, iterations: 10, maxTexts: 20_480 };
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
  return memory.scratch(async () => {
    const chosen = shuffle(
      Uint32Array.from({ length: rows }, (_, row) => row),
      random,
    ).subarray(0, maxTexts);
    const sample = gatherRows(core, vectors, chosen);
    const centres = memory.matrix(Math.min(clusters, chosen.length), vectors.columns);
    centres.view.set(sample.view.subarray(0, centres.view.length));
    const found = await clustersAround(core, sample, sample.rows, centres, "cosine");
    await kMeans(core, sample, found, { closeness: "cosine", rounds: iterations });
    const { nearest } = await clustersAround(core, vectors, rows, centres, "cosine");
    return nearest.view.slice();
  });
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
