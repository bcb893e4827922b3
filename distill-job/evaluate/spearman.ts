/** Spearman's rank correlation, which STSBenchmark is scored with. */

/**
 * The correlation of two lists' ranks, from -1 to 1. Equal values share the mean of their ranks.
 * Source: scipy.stats, `spearmanr`.
 */
export function spearman(left: readonly number[], right: readonly number[]): number {
  return pearson(ranks(left), ranks(right));
}

/** Ranks from 1 on. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    let next = first + 1;
    while (next < order.length && values[order[next]!] === values[order[first]!]) next++;
    for (let i = first; i < next; i++) result[order[i]!] = (first + next + 1) / 2;
    first = next;
  }
  return result;
}

function pearson(left: readonly number[], right: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const leftMean = mean(left);
  const rightMean = mean(right);
  let products = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  left.forEach((value, i) => {
    const x = value - leftMean;
    const y = right[i]! - rightMean;
    products += x * y;
    leftSquares += x * x;
    rightSquares += y * y;
  });
  return products / Math.sqrt(leftSquares * rightSquares);
}
