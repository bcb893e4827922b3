/** What BM25 knows of a corpus: all entries that are alive, whether or not they pass a filter. */

export interface CorpusStatistics {
  readonly entries: number;
  /** Words of all entries together. */
  readonly words: number;
  /** In how many entries each term is. */
  readonly containing: ReadonlyMap<string, number>;
}

/** Adds up the statistics of the parts of a corpus, for the same terms. */
export function sumStatistics(parts: readonly CorpusStatistics[]): CorpusStatistics {
  const containing = new Map<string, number>();
  for (const part of parts) {
    for (const [term, count] of part.containing) containing.set(term, (containing.get(term) ?? 0) + count);
  }
  return {
    entries: parts.reduce((sum, { entries }) => sum + entries, 0),
    words: parts.reduce((sum, { words }) => sum + words, 0),
    containing,
  };
}
