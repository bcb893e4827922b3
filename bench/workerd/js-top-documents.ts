/** The peer: what one would write in JavaScript to find the nearest rows. */

export interface JsRows {
  readonly dimensions: number;
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** Numbers of the rows with the highest products, the best first. */
export function jsTopRows(
  { dimensions, values, scales }: JsRows,
  query: Float32Array,
  count: number,
): number[] {
  const best: { row: number; score: number }[] = [];
  let threshold = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scales.length; row++) {
    const start = row * dimensions;
    let dot = 0;
    for (let i = 0; i < dimensions; i++) dot += values[start + i]! * query[i]!;
    const score = dot * scales[row]!;
    if (score <= threshold) continue;
    best.push({ row, score });
    best.sort((left, right) => right.score - left.score);
    if (best.length > count) best.pop();
    if (best.length === count) threshold = best[count - 1]!.score;
  }
  return best.map(({ row }) => row);
}

/** The same with four sums at a time: how far the plain loop is from what JavaScript can do. */
export function jsTopRowsUnrolled(
  { dimensions, values, scales }: JsRows,
  query: Float32Array,
  count: number,
): number[] {
  const best: { row: number; score: number }[] = [];
  let threshold = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scales.length; row++) {
    const start = row * dimensions;
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    for (let i = 0; i < dimensions; i += 4) {
      sum0 += values[start + i]! * query[i]!;
      sum1 += values[start + i + 1]! * query[i + 1]!;
      sum2 += values[start + i + 2]! * query[i + 2]!;
      sum3 += values[start + i + 3]! * query[i + 3]!;
    }
    const score = (sum0 + sum1 + sum2 + sum3) * scales[row]!;
    if (score <= threshold) continue;
    best.push({ row, score });
    best.sort((left, right) => right.score - left.score);
    if (best.length > count) best.pop();
    if (best.length === count) threshold = best[count - 1]!.score;
  }
  return best.map(({ row }) => row);
}
