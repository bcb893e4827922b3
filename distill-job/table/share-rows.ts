/** Fewer rows than tokens: tokens whose vectors are alike share one. */
import type { TokenMapping } from "../../shared/artifact/token-mapping.ts";
import { NearvecError } from "../../shared/errors.ts";
import { type ClusterListener, clusterRows } from "../clustering/cluster-rows.ts";
import { seededRandom } from "../seeded-random.ts";

/** Seed unless told otherwise: Model2Vec's. */
export const defaultClusterSeed = 42;

export interface ShareOptions {
  /** Rows that are left; fewer where fewer differ. */
  readonly clusters: number;
  /** What each token's row is multiplied by later; if null, the row's length tells, and directions are shared. */
  readonly weights: ArrayLike<number> | null;
  readonly seed?: number | undefined;
  readonly threads?: number | undefined;
}

export interface SharedRows {
  /** clusters x dimensions values: the mean of each cluster's vectors. */
  readonly values: Float32Array;
  readonly mapping: TokenMapping;
  /** Sum of the squared distances of what was clustered to what it has become. */
  readonly inertia: number;
}

/**
 * Quantizes a vocabulary by k-means, as model2vec 0.8 does (`vocabulary_quantization.py`,
 * `quantize_vocabulary`). A row of zeros gets weight 0.
 *
 * @param values tokens x dimensions
 * @throws NearvecError invalid_request for more clusters than tokens
 */
export async function shareRows(
  values: Float32Array,
  dimensions: number,
  { clusters: count, weights, seed = defaultClusterSeed, threads }: ShareOptions,
  listener: Partial<ClusterListener> = {},
): Promise<SharedRows> {
  const tokens = values.length / dimensions;
  checkClusters(count, tokens);
  const norms = weights ?? rowNorms(values, dimensions);
  const rows = weights === null ? unitRows(values, dimensions, norms) : values;
  const random = seededRandom(seed);
  const { clusters, centres, inertia } = await clusterRows(rows, dimensions, count, random, {
    ...listener,
    threads,
  });
  return { values: centres, mapping: { rows: clusters, weights: Float32Array.from(norms) }, inertia };
}

/** @throws NearvecError invalid_request unless there are 1 to `tokens` clusters */
export function checkClusters(clusters: number, tokens: number): void {
  if (Number.isInteger(clusters) && clusters >= 1 && clusters <= tokens) return;
  throw new NearvecError(
    "invalid_request",
    `Expected to quantize the vocabulary to 1 to ${tokens} clusters, as many as there are tokens, got ${clusters}.`,
    { param: "vocabulary-quantization" },
  );
}

function rowNorms(values: Float32Array, dimensions: number): Float64Array {
  return Float64Array.from({ length: values.length / dimensions }, (_, row) => {
    let squares = 0;
    for (let i = row * dimensions; i < (row + 1) * dimensions; i++) squares += values[i]! ** 2;
    return Math.sqrt(squares);
  });
}

function unitRows(values: Float32Array, dimensions: number, norms: ArrayLike<number>): Float32Array {
  return values.map((value, i) => (value === 0 ? 0 : value / norms[Math.floor(i / dimensions)]!));
}
