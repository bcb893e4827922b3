/** Rows and the centres that are nearest to them, in the core's memory. */
import { type Core, rangesOf } from "../refine/core/core.ts";
import type { Shared, SharedMatrix } from "../refine/core/shared-matrix.ts";

/** Rows that a thread compares with centres at a time. */
const rowsPerRange = 256;
/** Centres that the core compares at a time. */
const blockCentres = 64;

export interface Clusters {
  readonly centres: SharedMatrix;
  /** Of every row: its centre. */
  readonly nearest: Shared<Uint32Array>;
  /** Of every row: its product with its centre, less half the centre's square unless that is left out. */
  readonly scores: Shared<Float32Array>;
}

/** How rows are compared: by distance, or by cosine, which is the product of rows and centres of length 1. */
export type Closeness = "distance" | "cosine";

/** Rows that have no centre yet. */
export function emptyClusters({ memory }: Core, rows: number, centres: SharedMatrix): Clusters {
  const scores = memory.floats(rows);
  scores.view.fill(Number.NEGATIVE_INFINITY);
  return { centres, nearest: memory.integers(rows), scores };
}

/**
 * Finds the nearest of all centres for the first `rows` of some vectors; of two that are as near the first.
 */
export async function clustersAround(
  core: Core,
  vectors: SharedMatrix,
  rows: number,
  centres: SharedMatrix,
  closeness: Closeness,
): Promise<Clusters> {
  const clusters = emptyClusters(core, rows, centres);
  await compare(core, { ...vectors, rows }, clusters, undefined, closeness);
  return clusters;
}

/**
 * Compares rows with some of the centres, on all threads. A row keeps what it has found before unless
 * one of these is nearer.
 *
 * @param vectors of which `clusters` has the nearest and the scores
 * @param numbers of the centres to compare with; all if not given
 */
export async function compare(
  core: Core,
  vectors: SharedMatrix,
  { centres, nearest, scores }: Clusters,
  numbers: Uint32Array | undefined,
  closeness: Closeness,
): Promise<void> {
  const { memory } = core;
  await memory.scratch(async () => {
    const chosen = numbers === undefined ? centres : gatherRows(core, centres, numbers);
    const names = memory.integersOf(numbers ?? Uint32Array.from({ length: centres.rows }, (_, i) => i));
    const halfSquares = memory.floats(chosen.rows);
    if (closeness === "distance") halfSquares.view.set(squaresOf(chosen).map((square) => square / 2));
    const ranges = rangesOf(vectors.rows, rowsPerRange);
    const products = memory.floats(ranges.length * rowsPerRange * blockCentres);
    await core.run("nearestCentres", ranges, ({ from, to }) => [
      vectors.pointer + from * vectors.width * 4,
      to - from,
      chosen.pointer,
      chosen.rows,
      vectors.width,
      halfSquares.pointer,
      names.pointer,
      nearest.pointer + from * 4,
      scores.pointer + from * 4,
      products.pointer + from * blockCentres * 4,
    ]);
  });
}

/** A copy of some rows, one after the other. */
export function gatherRows({ memory }: Core, from: SharedMatrix, numbers: Uint32Array): SharedMatrix {
  const { width } = from;
  const rows = memory.matrix(numbers.length, from.columns);
  numbers.forEach((number, i) => {
    rows.view.set(from.view.subarray(number * width, (number + 1) * width), i * width);
  });
  return rows;
}

/** Sums of squares of every row, in double precision. */
export function squaresOf({ view, rows, width }: SharedMatrix): Float64Array {
  const squares = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (const end = at + width; at < end; at++) sum += view[at]! ** 2;
    squares[row] = sum;
  }
  return squares;
}
