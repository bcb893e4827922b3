/** BM25, the ranking by words that every other ranking has to beat. */

/** How fast repetitions of a word stop counting: Robertson and Zaragoza's usual value. */
export const defaultSaturation = 1.2;
/** How much long entries are held back, from 0 to 1. */
export const defaultLengthPenalty = 0.75;

/**
 * How much a term counts for being rare.
 *
 * Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with
 * Lucene's logarithm of 1 + odds, which never is negative.
 *
 * @param entries number of all entries
 * @param containing number of those that have the term
 */
export function bm25Rarity(entries: number, containing: number): number {
  return Math.log(1 + (entries - containing + 0.5) / (containing + 0.5));
}

/**
 * What the frequency of a term is weighed against: grows with the entry.
 *
 * Source: the same, the denominator less the frequency.
 *
 * @param length words of the entry, over the mean of all entries
 */
export function bm25Norm(
  length: number,
  saturation = defaultSaturation,
  lengthPenalty = defaultLengthPenalty,
): number {
  return saturation * (1 - lengthPenalty + lengthPenalty * length);
}

/**
 * What one term of the query adds to an entry's score, from 0 to its rarity.
 *
 * @param rarity as `bm25Rarity` gives it
 * @param frequency how often the entry has the term
 * @param norm as `bm25Norm` gives it
 */
export function bm25Weight(rarity: number, frequency: number, norm: number): number {
  return (rarity * frequency) / (frequency + norm);
}

/** The norms of entries, one for each. @param meanWords of all entries that are searched together */
export function bm25Norms(entryWords: Uint32Array, meanWords: number): Float32Array {
  // Where there is not a word, no length matters.
  const mean = Math.max(1, meanWords);
  return Float32Array.from(entryWords, (words) => bm25Norm(words / mean));
}
