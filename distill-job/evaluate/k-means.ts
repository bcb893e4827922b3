/** k-means clustering, seeded. */
import { dot, rowOf, type Vectors } from "./vectors.ts";

/** Rounds after which it stops if clusters still change. */
const maxIterations = 100;

/**
 * Assigns every row to one of `count` clusters.
 *
 * Source: Lloyd 1982, "Least Squares Quantization in PCM", from starting points by Arthur and Vassilvitskii
 * 2007, "k-means++: The Advantages of Careful Seeding".
 *
 * @param random numbers from 0 up to 1, from `seededRandom`
 * @returns number of each row's cluster
 */
export function kMeans(vectors: Vectors, count: number, random: () => number): Int32Array {
  const { rows } = vectors;
  let centres = startingCentres(vectors, count, random);
  const clusters = new Int32Array(rows).fill(-1);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let changed = false;
    const halfSquares = Float64Array.from(
      { length: count },
      (_, i) => dot(rowOf(centres, i), rowOf(centres, i)) / 2,
    );
    for (let row = 0; row < rows; row++) {
      const nearest = nearestCentre(rowOf(vectors, row), centres, halfSquares);
      if (nearest !== clusters[row]) changed = true;
      clusters[row] = nearest;
    }
    if (!changed) break;
    centres = clusterMeans(vectors, clusters, centres);
  }
  return clusters;
}

/** The mean of every cluster's rows; a cluster that has lost all its rows stays where it was. */
function clusterMeans(vectors: Vectors, clusters: Int32Array, old: Vectors): Vectors {
  const { rows: count, dimensions } = old;
  const sums = new Float64Array(count * dimensions);
  const sizes = new Int32Array(count);
  clusters.forEach((cluster, row) => {
    sizes[cluster]! += 1;
    rowOf(vectors, row).forEach((value, i) => {
      sums[cluster * dimensions + i]! += value;
    });
  });
  const values = old.values.map((value, i) => {
    const size = sizes[Math.floor(i / dimensions)]!;
    return size === 0 ? value : sums[i]! / size;
  });
  return { values, rows: count, dimensions };
}

/** Least squared distance = largest product less half the centre's square. */
function nearestCentre(vector: Float32Array, centres: Vectors, halfSquares: Float64Array): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let centre = 0; centre < centres.rows; centre++) {
    const closeness = dot(vector, rowOf(centres, centre)) - halfSquares[centre]!;
    if (closeness > highest) {
      highest = closeness;
      best = centre;
    }
  }
  return best;
}

/** Each next centre is a row, drawn with a chance that grows with its squared distance to those before. */
function startingCentres(vectors: Vectors, count: number, random: () => number): Vectors {
  const { rows, dimensions } = vectors;
  const values = new Float32Array(count * dimensions);
  const distances = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let chosen = Math.floor(random() * rows);
  for (let centre = 0; centre < count; centre++) {
    const picked = rowOf(vectors, chosen);
    values.set(picked, centre * dimensions);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      distances[row] = Math.min(distances[row]!, squaredDistance(rowOf(vectors, row), picked));
      total += distances[row]!;
    }
    let mark = random() * total;
    chosen = distances.findIndex((distance) => {
      mark -= distance;
      return mark < 0;
    });
    if (chosen < 0) chosen = Math.floor(random() * rows);
  }
  return { values, rows: count, dimensions };
}

function squaredDistance(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i]! - right[i]!) ** 2;
  return sum;
}
