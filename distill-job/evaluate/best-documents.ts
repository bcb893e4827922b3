/** The documents with the highest scores, in order. */

/**
 * Ids of the `depth` best documents. Equal scores are ordered by descending id, as trec_eval does it, so
 * that no order of the corpus helps.
 *
 * @param scores one per document
 */
export function bestDocuments(scores: Float32Array, ids: readonly string[], depth: number): string[] {
  const threshold = scoreAtRank(scores, depth);
  const candidates: number[] = [];
  scores.forEach((score, i) => {
    if (score >= threshold) candidates.push(i);
  });
  candidates.sort((a, b) => scores[b]! - scores[a]! || (ids[a]! < ids[b]! ? 1 : -1));
  return candidates.slice(0, depth).map((i) => ids[i]!);
}

/** Typed arrays sort numerically and fast. */
function scoreAtRank(scores: Float32Array, rank: number): number {
  const sorted = scores.toSorted();
  return sorted[Math.max(0, sorted.length - rank)] ?? 0;
}
