/** Smooth inverse frequency: what is frequent says little. */

/** Arora, Liang and Ma 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", and model2vec's default. */
export const defaultSifCoefficient = 1e-4;

/**
 * One weight per row: a / (a + p), where p is the token's probability by Zipf's law and its rank is its
 * row, for vocabularies list frequent tokens first. The first row counts as rank 2.
 *
 * Source: model2vec 0.8, `distill/inference.py`, `post_process_embeddings`.
 *
 * @param rows number of tokens
 * @param coefficient a, over 0 and under 1
 */
export function sifWeights(rows: number, coefficient: number): Float64Array {
  const inverseRanks = Float64Array.from({ length: rows }, (_, row) => 1 / (row + 2));
  const sum = inverseRanks.reduce((total, inverseRank) => total + inverseRank, 0);
  return inverseRanks.map((inverseRank) => coefficient / (coefficient + inverseRank / sum));
}

/** Tokenlearn's coefficient for measured frequencies. */
export const defaultCorpusSifCoefficient = 1e-3;

/**
 * One weight per row: a / (a + p), where p is how often the token came in a corpus, one occurrence added
 * to every token's so that none is 0.
 *
 * Source: Tokenlearn 0.2 (Minish Lab), which takes a = 1e-3.
 *
 * @param counts occurrences of every token, by row
 * @param coefficient a, over 0 and under 1
 */
export function corpusSifWeights(counts: ArrayLike<number>, coefficient: number): Float64Array {
  const smoothed = Float64Array.from(counts, (count) => count + 1);
  const total = smoothed.reduce((sum, count) => sum + count, 0);
  return smoothed.map((count) => coefficient / (coefficient + count / total));
}
