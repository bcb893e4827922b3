/** How much each token of a text counts: in the sparse matrices, and by its frequency. */
import type { SparseRow } from "./core/sparse-matrix.ts";

/** Every token counts 1 / number of tokens, as often as it occurs: the plain mean. */
export function meanWeights(ids: Uint32Array): SparseRow {
  const weights = new Map<number, number>();
  for (const id of ids) weights.set(id, (weights.get(id) ?? 0) + 1 / ids.length);
  return weights;
}

/**
 * Within every window of so many tokens each distinct token counts once; a text is the sum of its windows.
 * What is said twice in a sentence means no more for it, but a long text has as many sentences as it has.
 */
export function distinctWeights(ids: Uint32Array, windowTokens: number): SparseRow {
  const weights = new Map<number, number>();
  for (let from = 0; from < ids.length; from += windowTokens) {
    for (const id of new Set(ids.subarray(from, from + windowTokens))) {
      weights.set(id, (weights.get(id) ?? 0) + 1);
    }
  }
  return weights;
}

/**
 * Smooth inverse frequency by measured frequencies: a / (a + p), where p is the token's share of the corpus,
 * every token counted once more than it occurs.
 *
 * Source: Arora, Liang and Ma 2017; add-one smoothing as in Tokenlearn's `tokenlearn/utils.py`.
 *
 * @param rows number of tokens in the vocabulary
 */
export function corpusSifWeights(
  tokenizedTexts: readonly Uint32Array[],
  rows: number,
  coefficient: number,
): Float64Array {
  const counts = new Float64Array(rows).fill(1);
  for (const ids of tokenizedTexts) for (const id of ids) counts[id]!++;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => coefficient / (coefficient + count / total));
}
