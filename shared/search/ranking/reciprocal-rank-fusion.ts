/** Several rankings made one by the places in them, whatever their scores. */

/** How little the first places differ: the constant of the paper. */
export const defaultRankConstant = 60;

/**
 * Scores of all that is ranked anywhere: the sum of 1 / (constant + place), places counted from 1.
 *
 * Source: Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank
 * Learning Methods".
 *
 * @param rankings what was ranked, by its number, the best first
 * @param weights one for each ranking; 1 each if not given
 */
export function reciprocalRankFusion(
  rankings: readonly ArrayLike<number>[],
  weights: readonly number[] = rankings.map(() => 1),
  constant = defaultRankConstant,
): Map<number, number> {
  const scores = new Map<number, number>();
  rankings.forEach((ranking, r) => {
    for (let place = 0; place < ranking.length; place++) {
      const ranked = ranking[place]!;
      scores.set(ranked, (scores.get(ranked) ?? 0) + weights[r]! / (constant + place + 1));
    }
  });
  return scores;
}
