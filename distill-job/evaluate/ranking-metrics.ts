/** How good a ranking is: nDCG and recall, as trec_eval computes them. */

/** Relevance of documents by id, for one query: 0 or less is not relevant. */
export type Judgements = ReadonlyMap<string, number>;

/**
 * Normalized discounted cumulative gain of the first `depth` documents: the sum of relevance / log2(rank + 1)
 * over the same sum for the best possible ranking. 0 if nothing is relevant.
 *
 * Source: Järvelin and Kekäläinen 2002, "Cumulated Gain-Based Evaluation of IR Techniques", with linear
 * gains as in trec_eval's `ndcg_cut`, which BEIR and MTEB report.
 *
 * @param ranking document ids, the best first
 */
export function ndcg(ranking: readonly string[], judgements: Judgements, depth: number): number {
  const ideal = [...judgements.values()].filter((relevance) => relevance > 0).sort((a, b) => b - a);
  const best = discountedGain(ideal.slice(0, depth));
  if (best === 0) return 0;
  return discountedGain(ranking.slice(0, depth).map((id) => Math.max(0, judgements.get(id) ?? 0))) / best;
}

/** Share of the relevant documents that are among the first `depth`; 0 if nothing is relevant. */
export function recall(ranking: readonly string[], judgements: Judgements, depth: number): number {
  const relevant = [...judgements].filter(([, relevance]) => relevance > 0);
  if (relevant.length === 0) return 0;
  const found = new Set(ranking.slice(0, depth));
  return relevant.filter(([id]) => found.has(id)).length / relevant.length;
}

function discountedGain(relevances: readonly number[]): number {
  return relevances.reduce((sum, relevance, i) => sum + relevance / Math.log2(i + 2), 0);
}
