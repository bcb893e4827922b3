/** How the teacher's output for a sequence becomes one vector. */

/**
 * - `mean`: of all positions but padding, `[CLS]` and `[SEP]` among them
 * - `cls`: the first position
 * - `last`: the last position that is no padding
 * - `pooler`: what the teacher itself offers as its `pooler_output`
 * - `sentence`: what a teacher that was exported with its pooling offers as its `sentence_embedding`
 *
 * The first four are those of `PoolingMode` in model2vec 0.8 (`distill/inference.py`), where `cls` is called `first`.
 */
export const poolings = ["mean", "cls", "last", "pooler", "sentence"] as const;
export type Pooling = (typeof poolings)[number];

/** Poolings that the teacher does itself, with the output that has the result. */
export const teacherPoolings = { pooler: "pooler_output", sentence: "sentence_embedding" } as const;
export type TeacherPooling = keyof typeof teacherPoolings;

export function isTeacherPooling(pooling: Pooling): pooling is TeacherPooling {
  return Object.hasOwn(teacherPoolings, pooling);
}

/** The hidden states of a batch, row-major. */
export interface HiddenStates {
  /** rows x length x dimensions values. */
  readonly values: Float32Array;
  readonly rows: number;
  /** Positions per row, padding included. */
  readonly length: number;
  readonly dimensions: number;
}

/**
 * Pools hidden states.
 *
 * @param lengths positions of every row that are no padding; padding comes last
 * @returns rows x dimensions values
 */
export function poolHiddenStates(
  hidden: HiddenStates,
  lengths: ArrayLike<number>,
  pooling: Exclude<Pooling, TeacherPooling>,
): Float32Array {
  const { values, rows, length, dimensions } = hidden;
  const pooled = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    const start = row * length * dimensions;
    const target = pooled.subarray(row * dimensions, (row + 1) * dimensions);
    const used = Math.max(1, lengths[row]!);
    if (pooling === "mean") {
      averagePositions(values.subarray(start, start + used * dimensions), target);
    } else {
      const at = start + (pooling === "cls" ? 0 : used - 1) * dimensions;
      target.set(values.subarray(at, at + dimensions));
    }
  }
  return pooled;
}

/** @param positions any number of vectors, one after the other, each as long as `mean` */
function averagePositions(positions: Float32Array, mean: Float32Array): void {
  const dimensions = mean.length;
  const count = positions.length / dimensions;
  for (let d = 0; d < dimensions; d++) {
    let sum = 0;
    for (let at = d; at < positions.length; at += dimensions) sum += positions[at]!;
    mean[d] = sum / count;
  }
}
