/** Of what a result's score is made, as shares of a bar. */
import type { SearchResult } from "../../../../../shared/api/collections/search-answer.ts";

export type Fusion =
  | { readonly type: "weighted"; readonly weight: number }
  | { readonly type: "reciprocal_rank"; readonly k: number };

export interface ScoreParts {
  /** 0 to 1, of the whole bar. */
  readonly vector: number;
  readonly keyword: number;
}

type Scored = Pick<SearchResult, "score" | "explain">;

/**
 * @param best The first result: scores without an end, such as BM25's, are shown beside its own.
 */
export function scoreParts({ score, explain }: Scored, best: Scored, fusion: Fusion): ScoreParts {
  const vector = explain?.vector ?? null;
  const keyword = explain?.keyword ?? null;
  if (vector !== null && keyword !== null) {
    if (fusion.type === "weighted") {
      return {
        vector: fusion.weight * (vector.normalized ?? 0),
        keyword: (1 - fusion.weight) * (keyword.normalized ?? 0),
      };
    }
    const ofRank = (rank: number | null) => (rank === null ? 0 : 1 / (fusion.k + rank));
    return {
      vector: share(ofRank(vector.rank), best.score),
      keyword: share(ofRank(keyword.rank), best.score),
    };
  }
  // A cosine has an end; one below zero has no bar.
  if (keyword === null) return { vector: Math.min(1, Math.max(0, score)), keyword: 0 };
  return { vector: 0, keyword: share(score, best.score) };
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}
