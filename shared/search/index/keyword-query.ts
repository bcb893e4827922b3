/** The terms of a query with what each is worth, and the constants of BM25 over a corpus. */
import { bm25Norm, bm25Rarity } from "../ranking/bm25.ts";
import type { CorpusStatistics } from "./corpus-statistics.ts";

export interface KeywordQuery {
  /** Each once, with rarity times how often the query has it. */
  readonly weights: ReadonlyMap<string, number>;
  /** A term that an entry has f times gives weight x f / (f + base + slope x words of the entry). */
  readonly base: number;
  readonly slope: number;
}

/** Weighs terms; those that no entry has are left out. */
export function keywordQuery(terms: readonly string[], statistics: CorpusStatistics): KeywordQuery {
  const { entries, words, containing } = statistics;
  const weights = new Map<string, number>();
  for (const term of terms) {
    const count = containing.get(term) ?? 0;
    if (count > 0)
      weights.set(term, (weights.get(term) ?? 0) + bm25Rarity(entries, Math.min(count, entries)));
  }
  // Where there is not a word, no length matters.
  const meanWords = Math.max(1, words / Math.max(1, entries));
  const base = bm25Norm(0);
  return { weights, base, slope: (bm25Norm(1) - base) / meanWords };
}
