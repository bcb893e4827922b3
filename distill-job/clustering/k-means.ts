/** k-means, on all threads: rounds of moving every centre to the mean of its rows. */
import type { Core } from "../refine/core/core.ts";
import type { SharedMatrix } from "../refine/core/shared-matrix.ts";
import { type Closeness, type Clusters, compare, gatherRows, squaresOf } from "./clusters.ts";

export interface KMeansOptions {
  /** By cosine, centres get length 1 (Dhillon and Modha, 2001); rows must have it. */
  readonly closeness: Closeness;
  /** Rounds at most; it ends when no row changes its centre. */
  readonly rounds: number;
  /** Called after every round with the rows that have changed their centre. */
  readonly onRound?: (round: number, changed: number) => void;
}

/**
 * Lloyd's algorithm (1982, "Least Squares Quantization in PCM"). The result is that of comparing all rows with
 * all centres in every round; but most centres soon rest, and only what can have changed is compared
 * (Kaukoranta, Fränti and Nevalainen, 2000, "A fast exact GLA based on code vector activity detection").
 *
 * @param vectors as many rows as `clusters` has
 * @param clusters the nearest of the centres that it begins with; both are changed
 */
export async function kMeans(
  core: Core,
  vectors: SharedMatrix,
  clusters: Clusters,
  { closeness, rounds, onRound }: KMeansOptions,
): Promise<void> {
  let before: Uint32Array | undefined;
  for (let round = 1; round <= rounds; round++) {
    const moved = moveCentres(vectors, clusters, before, closeness);
    if (moved.length === 0) break;
    const nearest = clusters.nearest.view.slice();
    await compareWithMoved(core, vectors, clusters, moved, closeness);
    const hasChanged = (centre: number, row: number): boolean => centre !== clusters.nearest.view[row];
    onRound?.(round, rowsWhere(nearest, hasChanged).length);
    before = nearest;
  }
}

/**
 * A row whose centre has stayed is compared with those that have moved: all others were too far before. So is
 * one whose centre has moved, if it is nearer to one of them now than it was; else it is compared with all.
 */
async function compareWithMoved(
  core: Core,
  vectors: SharedMatrix,
  clusters: Clusters,
  moved: Uint32Array,
  closeness: Closeness,
): Promise<void> {
  const { nearest, scores, centres } = clusters;
  const hasMoved = new Uint8Array(centres.rows);
  for (const centre of moved) hasMoved[centre] = 1;
  const left = nearest.view.map((centre) => hasMoved[centre]!);
  const scoresBefore = scores.view.slice();
  left.forEach((hasLeft, row) => {
    if (hasLeft) scores.view[row] = Number.NEGATIVE_INFINITY;
  });
  await compare(core, vectors, clusters, moved, closeness);

  const unsure = rowsWhere(
    left,
    (hasLeft, row) => hasLeft === 1 && !(scores.view[row]! > scoresBefore[row]!),
  );
  const resting = rowsWhere(hasMoved, (has) => has === 0);
  if (unsure.length === 0 || resting.length === 0) return;
  await core.memory.scratch(async () => {
    const some: Clusters = {
      centres,
      nearest: core.memory.integersOf(Uint32Array.from(unsure, (row) => nearest.view[row]!)),
      scores: core.memory.floats(unsure.length),
    };
    some.scores.view.set(Float32Array.from(unsure, (row) => scores.view[row]!));
    await compare(core, gatherRows(core, vectors, unsure), some, resting, closeness);
    unsure.forEach((row, i) => {
      nearest.view[row] = some.nearest.view[i]!;
      scores.view[row] = some.scores.view[i]!;
    });
  });
}

/**
 * Moves the centres whose rows are not those that they were.
 * @param before every row's centre when they last moved, if they have
 * @returns the numbers of the centres that have moved
 */
function moveCentres(
  vectors: SharedMatrix,
  { centres, nearest, scores }: Clusters,
  before: Uint32Array | undefined,
  closeness: Closeness,
): Uint32Array {
  const { width } = centres;
  const changed = new Uint8Array(centres.rows).fill(Number(before === undefined));
  before?.forEach((old, row) => {
    const centre = nearest.view[row]!;
    if (centre !== old) changed[centre] = changed[old] = 1;
  });
  const sums = new Float64Array(centres.view.length);
  const sizes = new Uint32Array(centres.rows);
  nearest.view.forEach((centre, row) => {
    if (changed[centre] === 0) return;
    sizes[centre]! += 1;
    for (let d = 0; d < width; d++) sums[centre * width + d]! += vectors.view[row * width + d]!;
  });
  const empty: number[] = [];
  const moved = rowsWhere(changed, (hasChanged) => hasChanged === 1).filter((centre) => {
    if (sizes[centre] === 0) {
      empty.push(centre);
      return false;
    }
    const sum = sums.subarray(centre * width, (centre + 1) * width);
    const divisor =
      closeness === "distance" ? sizes[centre]! : Math.sqrt(sum.reduce((s, x) => s + x ** 2, 0));
    if (divisor === 0) return false;
    for (let d = 0; d < width; d++) centres.view[centre * width + d] = sum[d]! / divisor;
    return true;
  });
  // By cosine, a centre that has lost all its rows stays where it is.
  if (closeness === "cosine" || empty.length === 0) return moved;
  const farthest = farthestRows(vectors, scores.view, empty.length);
  farthest.forEach((row, i) => {
    centres.view.set(vectors.view.subarray(row * width, (row + 1) * width), empty[i]! * width);
  });
  return Uint32Array.from([...moved, ...empty]).sort();
}

/** The rows that are farthest from their centres: new places for centres that have lost all their rows. */
function farthestRows(vectors: SharedMatrix, scores: Float32Array, count: number): number[] {
  const distances = squaresOf(vectors).map((square, row) => square - 2 * scores[row]!);
  return [...distances.keys()].sort((a, b) => distances[b]! - distances[a]! || a - b).slice(0, count);
}

function rowsWhere(
  values: Uint8Array | Uint32Array,
  holds: (value: number, row: number) => boolean,
): Uint32Array {
  const rows: number[] = [];
  values.forEach((value, row) => {
    if (holds(value, row)) rows.push(row);
  });
  return Uint32Array.from(rows);
}
