/** What a resident index can be asked, and what it answers. */
import type { ScoreRange } from "../ranking/min-max-fusion.ts";
import type { IndexView } from "../segment/index-part-reader.ts";
import type { CorpusStatistics } from "./corpus-statistics.ts";

/** Which scores count: of vectors, of words, or both. */
export type SearchMode = "vector" | "keyword" | "hybrid";

/** How the two scores of an entry become one. */
export type Fusion =
  /** Each is brought to 0 to 1 over all entries that pass; the vector's gets `weight`, the words' the rest. */
  | { readonly by: "weighted"; readonly weight: number }
  /** 1 / (k + rank) of either ranking, added. */
  | { readonly by: "reciprocal-rank"; readonly k: number };

/** Ranges of both scores over the entries that pass; infinite, the wrong way round, of none. */
export interface ScoreRanges {
  readonly cosine: ScoreRange;
  readonly bm25: ScoreRange;
}

export interface IndexQuery {
  readonly mode: SearchMode;
  /** As the model gives it, of any length but all of its dimensions; needed unless the mode is `keyword`. */
  readonly vector?: Float32Array;
  /** As `termsOf` gives them; one that comes twice counts twice. Needed unless the mode is `vector`. */
  readonly terms?: readonly string[];
  /** Of hybrid queries; weighted, one half each, if not given. */
  readonly fusion?: Fusion;
  /** Which documents of a segment may be found, as a bitmap; all of them if not given. */
  readonly filter?: (index: IndexView) => Uint8Array;
  /** Documents with a lower score are left out. */
  readonly minScore?: number;
  /** Documents to leave out at the beginning. */
  readonly offset?: number;
  /** Documents to find at most. */
  readonly limit: number;
  /** Of a corpus that is more than this index; its own if not given. */
  readonly statistics?: CorpusStatistics;
  /** Likewise, what weighted fusion brings scores to the same range by. */
  readonly ranges?: ScoreRanges;
  /** Whether hits say what each term gave. */
  readonly explain?: boolean;
}

/** What one term gave to an entry's BM25. */
export interface TermScore {
  readonly term: string;
  /** How often the entry has it. */
  readonly frequency: number;
  readonly score: number;
}

/** Where a score comes from. */
export interface ScoreParts {
  /** Null where vectors were not asked. */
  readonly cosine: number | null;
  /** Null where words were not asked. */
  readonly bm25: number | null;
  /** Brought to 0 to 1, for weighted fusion only. */
  readonly normalizedCosine: number | null;
  readonly normalizedBm25: number | null;
  /** Place of the entry in either ranking, from 1, for fusion by reciprocal rank only; null if it is in none. */
  readonly cosineRank: number | null;
  readonly bm25Rank: number | null;
  /** Only with `explain`. */
  readonly terms: readonly TermScore[];
}

/** A document that was found, by its best entry. */
export interface IndexHit {
  /** The segment's id. */
  readonly segment: string;
  /** Number of the document in its segment. */
  readonly ordinal: number;
  readonly id: string;
  /** Number of the best entry in its segment, and which of its document's entries that is, from 0. */
  readonly entry: number;
  readonly entryOfDocument: number;
  /** Where the entry is in its document's text, UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly score: number;
  readonly parts: ScoreParts;
}

export interface IndexAnswer {
  /** The best first; of equal ones the one whose id comes first. */
  readonly hits: readonly IndexHit[];
  /** Documents and entries that pass the filter and are alive. */
  readonly documents: number;
  readonly entries: number;
  /** Null unless the mode is hybrid and fusion weighted. */
  readonly ranges: ScoreRanges | null;
  /** Rows that were read to score what codes have found. */
  readonly rowsRead: number;
  /** Segments of which rows could not be read: their hits have the cosines of codes, right to a few hundredths. */
  readonly unread: readonly string[];
}

/** Rows of a segment, ascending. */
export interface RowsRequest {
  readonly segment: string;
  readonly rows: Uint32Array;
}

/** One after the other: values are rows x dimensions. */
export interface RowsContent {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** Reads rows that are not in memory; null for those of a segment that cannot be had. */
export type ReadRows = (requests: readonly RowsRequest[]) => Promise<readonly (RowsContent | null)[]>;
