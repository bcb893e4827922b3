/** Clusters of a table's rows, by k-means from end to end. */
import { Core } from "../refine/core/core.ts";
import { valuesOf } from "../refine/core/shared-matrix.ts";
import { squaresOf } from "./clusters.ts";
import { kMeans } from "./k-means.ts";
import { startingCentres } from "./starting-centres.ts";

/** Rounds after which it stops even if rows still change their clusters: scikit-learn's limit. */
const maxRounds = 300;

/** What the clustering of rows tells while it works. */
export interface ClusterListener {
  /** How many centres have been picked to begin with. */
  onCentres(done: number, total: number): void;
  /** How many rows have changed their cluster in a round. */
  onRound(round: number, changed: number): void;
}

export interface RowClusters {
  /** Of every row: the number of its cluster. */
  readonly clusters: Uint32Array;
  /** clusters x dimensions: their means. */
  readonly centres: Float32Array;
  /** Sum of the squared distances of rows to their means. */
  readonly inertia: number;
}

/**
 * Assigns every row to one of `count` clusters, or fewer where fewer rows differ.
 *
 * @param values rows x dimensions
 * @param random numbers from 0 up to 1, from `seededRandom`: the result depends on nothing else
 * @param threads one per core if not given
 */
export async function clusterRows(
  values: Float32Array,
  dimensions: number,
  count: number,
  random: () => number,
  { threads, ...listener }: Partial<ClusterListener> & { readonly threads?: number | undefined } = {},
): Promise<RowClusters> {
  const core = await Core.start(threads);
  try {
    const vectors = core.memory.matrixOf(values, dimensions);
    const clusters = await startingCentres(core, vectors, count, random, listener.onCentres);
    const { onRound } = listener;
    await kMeans(core, vectors, clusters, {
      closeness: "distance",
      rounds: maxRounds,
      ...(onRound && { onRound }),
    });
    const { nearest, scores, centres } = clusters;
    const inertia = squaresOf(vectors).reduce((sum, square, row) => sum + square - 2 * scores.view[row]!, 0);
    return { clusters: nearest.view.slice(), centres: valuesOf(centres), inertia };
  } finally {
    await core.close();
  }
}
