/** The two directions in which vectors differ most, for a map of them. */

/** Vectors that the axes are found on, evenly out of all: more change the axes little, and take time. */
const maxFitted = 2000;

const maxRounds = 200;

/** Change of an axis, as 1 less the cosine with what it was, below which it has been found. */
const settled = 1e-9;

/** Rounds between two breaths of the page. */
const roundsAtOnce = 8;

export interface PrincipalAxes {
  readonly mean: Float32Array;
  /** Two of length 1, at right angles. */
  readonly axes: readonly [Float32Array, Float32Array];
  /** Share of all variance that lies along the two, 0 to 1. */
  readonly explained: number;
}

/**
 * Principal component analysis by orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4): both axes are
 * multiplied by the covariance, which is never written down, and brought back to right angles, until they stay.
 *
 * @param rows `count` vectors of `width` numbers, one after the other.
 * @param breathe Awaited now and then, so that the page goes on answering.
 */
export async function principalAxes(
  rows: Float32Array,
  count: number,
  width: number,
  breathe: () => Promise<void>,
): Promise<PrincipalAxes> {
  const step = Math.max(1, count / maxFitted);
  const fitted = Array.from({ length: Math.min(count, maxFitted) }, (_, i) => {
    const row = Math.floor(i * step);
    return rows.subarray(row * width, (row + 1) * width);
  });
  const mean = meanOf(fitted, width);
  const centred = fitted.map((row) => row.map((value, i) => value - mean[i]!));
  let axes = orthonormal(startingAxis(width, 1), startingAxis(width, 2));
  for (let round = 0; round < maxRounds; round++) {
    const next = orthonormal(timesCovariance(centred, axes[0]), timesCovariance(centred, axes[1]));
    const change = Math.max(1 - Math.abs(dot(axes[0], next[0])), 1 - Math.abs(dot(axes[1], next[1])));
    axes = next;
    if (change < settled) break;
    if (round % roundsAtOnce === roundsAtOnce - 1) await breathe();
  }
  const variance = (direction: Float32Array) =>
    centred.reduce((sum, row) => sum + dot(row, direction) ** 2, 0);
  const all = centred.reduce((sum, row) => sum + dot(row, row), 0);
  return { mean, axes, explained: all === 0 ? 0 : (variance(axes[0]) + variance(axes[1])) / all };
}

/** Where a vector is on the map. */
export function project(vector: Float32Array, { mean, axes }: PrincipalAxes): readonly [number, number] {
  let x = 0;
  let y = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]! - mean[i]!;
    x += value * axes[0][i]!;
    y += value * axes[1][i]!;
  }
  return [x, y];
}

function meanOf(rows: readonly Float32Array[], width: number): Float32Array {
  const mean = new Float32Array(width);
  for (const row of rows) for (let i = 0; i < width; i++) mean[i]! += row[i]! / rows.length;
  return mean;
}

function timesCovariance(rows: readonly Float32Array[], axis: Float32Array): Float32Array {
  const product = new Float32Array(axis.length);
  for (const row of rows) {
    const along = dot(row, axis);
    for (let i = 0; i < product.length; i++) product[i]! += along * row[i]!;
  }
  return product;
}

/** By Gram and Schmidt. Where there is nothing left of a vector, as with points on a line, any right angle will do. */
function orthonormal(first: Float32Array, second: Float32Array): readonly [Float32Array, Float32Array] {
  const one = normalized(first) ?? unit(first.length, 0);
  const rest = (vector: Float32Array) => {
    const along = dot(vector, one);
    return normalized(vector.map((value, i) => value - along * one[i]!));
  };
  return [
    one,
    rest(second) ?? rest(unit(one.length, 0)) ?? rest(unit(one.length, 1)) ?? new Float32Array(one.length),
  ];
}

function normalized(vector: Float32Array): Float32Array | null {
  const length = Math.sqrt(dot(vector, vector));
  return length > 1e-12 ? vector.map((value) => value / length) : null;
}

function unit(width: number, place: number): Float32Array {
  const vector = new Float32Array(width);
  if (place < width) vector[place] = 1;
  return vector;
}

/** The same at every visit, so that the map of a collection looks the same. */
function startingAxis(width: number, seed: number): Float32Array {
  return Float32Array.from({ length: width }, (_, i) => Math.sin((i + 1) * 12.9898 * seed + seed));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
