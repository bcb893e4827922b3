/** The terms of a query with what each is worth, and the constants of BM25 over a corpus. */
import type { CorpusStatistics } from "./corpus-statistics.ts";

/** How fast repetitions of a term stop counting, and how much long entries are held back: the usual values. */
const saturation = 1.2;
const lengthPenalty = 0.75;

export interface KeywordQuery {
  /** Each once, with rarity times how often the query has it. */
  readonly weights: ReadonlyMap<string, number>;
  /** A term that an entry has f times gives weight x f / (f + base + slope x words of the entry). */
  readonly base: number;
  readonly slope: number;
}

/**
 * Weighs terms.
 *
 * Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with Lucene's
 * logarithm of 1 + odds, which never is negative.
 */
export function keywordQuery(terms: readonly string[], statistics: CorpusStatistics): KeywordQuery {
  const { entries, words, containing } = statistics;
  const weights = new Map<string, number>();
  for (const term of terms) {
    const count = containing.get(term) ?? 0;
    if (count === 0) continue;
    const rarity = Math.log(1 + Math.max(0, entries - count + 0.5) / (count + 0.5));
    weights.set(term, (weights.get(term) ?? 0) + rarity);
  }
  const meanWords = Math.max(1, words / Math.max(1, entries));
  return {
    weights,
    base: saturation * (1 - lengthPenalty),
    slope: (saturation * lengthPenalty) / meanWords,
  };
}
