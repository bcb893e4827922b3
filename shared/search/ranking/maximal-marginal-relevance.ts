/** Answers that differ from each other, where the best ones say the same. */

/**
 * Chooses candidates one by one: each time the one whose relevance is most above its likeness to those chosen.
 *
 * Source: Carbonell and Goldstein 1998, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and
 * Producing Summaries": lambda * relevance - (1 - lambda) * greatest similarity to what is chosen.
 *
 * @param relevance of each candidate, on the scale of the similarity
 * @param similarity of two candidates
 * @param count candidates to choose at most
 * @param lambda 1 for relevance alone, 0 for difference alone
 * @returns numbers of the candidates in the order of choice; of equals the first
 */
export function maximalMarginalRelevance(
  relevance: ArrayLike<number>,
  similarity: (candidate: number, chosen: number) => number,
  count: number,
  lambda: number,
): number[] {
  const chosen: number[] = [];
  const rest = new Set(Array.from(relevance, (_, candidate) => candidate));
  const greatest = new Float64Array(relevance.length);
  while (chosen.length < count && rest.size > 0) {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const candidate of rest) {
      const score = lambda * relevance[candidate]! - (1 - lambda) * greatest[candidate]!;
      if (best < 0 || score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    rest.delete(best);
    for (const candidate of rest) {
      const likeness = similarity(candidate, best);
      greatest[candidate] = chosen.length === 0 ? likeness : Math.max(greatest[candidate]!, likeness);
    }
    chosen.push(best);
  }
  return chosen;
}
