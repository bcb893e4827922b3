/** Where k-means begins. */
import type { Core } from "../refine/core/core.ts";
import { rangesOf } from "../refine/core/core.ts";
import type { SharedMatrix } from "../refine/core/shared-matrix.ts";
import { type Clusters, compare, emptyClusters, squaresOf } from "./clusters.ts";

/** Draws at most, so that many centres are compared at once and not one by one. */
const maxDraws = 128;
/** Squared distance over the row's square from which on two rows are taken to differ: float32 knows no less. */
const leastDistance = 1e-6;

/**
 * Picks rows as centres, each with a chance that grows with its squared distance to those before: by
 * k-means++ (Arthur and Vassilvitskii, 2007), and where there are more than 128, several at a draw as in
 * k-means|| (Bahmani et al., 2012, algorithm 2). Comparing rows with the centres is the first half of the
 * first round of k-means as well.
 *
 * @param count centres; there are fewer where fewer rows differ
 * @param random numbers from 0 up to 1, from `seededRandom`
 * @returns by distance
 */
export async function startingCentres(
  core: Core,
  vectors: SharedMatrix,
  count: number,
  random: () => number,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Clusters> {
  const { rows, width } = vectors;
  const room = core.memory.matrix(Math.min(count, rows), vectors.columns);
  const clusters = emptyClusters(core, rows, room);
  const squares = squaresOf(vectors);
  // Chances of the first draw are all alike.
  let chances = new Float64Array(rows).fill(1);
  let done = 0;
  for (const { from, to } of drawsOf(room.rows)) {
    const drawn = draw(chances, to - from, random);
    drawn.forEach((row, i) => {
      room.view.set(vectors.view.subarray(row * width, (row + 1) * width), (from + i) * width);
    });
    done += drawn.length;
    const numbers = Uint32Array.from(drawn, (_, i) => from + i);
    await compare(core, vectors, clusters, numbers, "distance");
    chances = squares.map((square, row) => {
      const distance = square - 2 * clusters.scores.view[row]!;
      return distance > square * leastDistance ? distance : 0;
    });
    onProgress(done, room.rows);
    if (drawn.length < to - from) break;
  }
  return { ...clusters, centres: { ...room, rows: done, view: room.view.subarray(0, done * width) } };
}

/** The first centre alone, for there is no distance before it. */
function drawsOf(count: number): { from: number; to: number }[] {
  const rest = rangesOf(count - 1, Math.max(1, Math.floor(count / maxDraws)));
  return [{ from: 0, to: 1 }, ...rest.map(({ from, to }) => ({ from: from + 1, to: to + 1 }))];
}

/** Draws different rows, as many as have a chance. */
function draw(chances: Float64Array, count: number, random: () => number): number[] {
  const left = chances.slice();
  const drawn: number[] = [];
  while (drawn.length < count) {
    const total = left.reduce((sum, chance) => sum + chance, 0);
    if (total <= 0) break;
    let mark = random() * total;
    let row = -1;
    for (let i = 0; i < left.length && mark >= 0; i++) {
      if (left[i] === 0) continue;
      mark -= left[i]!;
      row = i;
    }
    drawn.push(row);
    left[row] = 0;
  }
  return drawn;
}
