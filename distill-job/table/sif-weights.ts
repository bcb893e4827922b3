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
