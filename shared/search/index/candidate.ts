/** A document that may be an answer, with all that is asked of it: what outlives the scan that found it. */
import { minMaxScore } from "../ranking/min-max-fusion.ts";
import { compareCodePoints } from "../segment/code-point-order.ts";
import type { SelectedDocument } from "./best-scores.ts";
import type { IndexHit, ScoreRanges, TermScore } from "./index-query.ts";
import type { KeywordQuery } from "./keyword-query.ts";
import type { QueryScan } from "./query-scan.ts";

/** Places of an entry in the two rankings, from 1; null if it is in none. */
export interface Ranks {
  readonly cosineRank: number | null;
  readonly bm25Rank: number | null;
}

export interface Candidate {
  readonly segment: string;
  readonly ordinal: number;
  readonly id: string;
  readonly entry: number;
  readonly entryOfDocument: number;
  readonly from: number;
  readonly to: number;
  /** Rows of the entry: the first of them, and how many. */
  readonly firstRow: number;
  readonly rows: number;
  /** Whether the cosine is that of codes. */
  readonly approximate: boolean;
  readonly cosine: number | null;
  readonly bm25: number | null;
  readonly ranks: Ranks | null;
  readonly terms: readonly TermScore[];
  readonly score: number;
}

/** Looks a selected document up. @param explained the words of a query that wants to know what each gave */
export function candidateOf(
  { place, number, entry, score }: SelectedDocument,
  scan: QueryScan,
  asked: { readonly vector: boolean; readonly words: boolean },
  ranks: Ranks | null,
  explained: KeywordQuery | null,
): Candidate {
  const { segment } = place;
  const { view } = segment.index;
  const firstRow = view.entryRows[entry]!;
  return {
    segment: segment.id,
    ordinal: number,
    id: view.idOf(number),
    entry,
    entryOfDocument: entry - view.documentEntries[number]!,
    from: view.entryRanges[entry * 2]!,
    to: view.entryRanges[entry * 2 + 1]!,
    firstRow,
    rows: view.entryRows[entry + 1]! - firstRow,
    approximate: segment.vectors.kind === "codes",
    cosine: asked.vector ? scan.score("cosines", place, entry) : null,
    bm25: asked.words ? scan.score("keywordScores", place, entry) : null,
    ranks,
    terms: explained === null ? [] : segment.termScores(explained, entry),
    score,
  };
}

/** The best first; of equal ones the one whose id comes first. */
export function compareCandidates(left: Candidate, right: Candidate): number {
  return right.score - left.score || compareCodePoints(left.id, right.id);
}

export function hitOf(candidate: Candidate, ranges: ScoreRanges | null): IndexHit {
  const { segment, ordinal, id, entry, entryOfDocument, from, to, score } = candidate;
  const { cosine, bm25, ranks, terms } = candidate;
  return {
    ...{ segment, ordinal, id, entry, entryOfDocument, from, to, score },
    parts: {
      cosine,
      bm25,
      normalizedCosine: ranges === null ? null : minMaxScore(cosine!, ranges.cosine),
      normalizedBm25: ranges === null ? null : minMaxScore(bm25!, ranges.bm25),
      cosineRank: ranks?.cosineRank ?? null,
      bm25Rank: ranks?.bm25Rank ?? null,
      terms,
    },
  };
}
