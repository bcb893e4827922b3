/** What a shard of a collection can be asked: its part of a search, with what the whole collection knows given to it. */
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import type { CorpusStatistics } from "../../../shared/search/index/corpus-statistics.ts";
import type { IndexQuery, ScoreRanges } from "../../../shared/search/index/index-query.ts";
import type { Found } from "../service/found.ts";

export interface ShardQuestion {
  readonly queries: readonly Omit<IndexQuery, "filter">[];
  /** As it was asked; undefined if everything passes. */
  readonly filter: unknown;
  readonly consistency: "eventual" | "strong";
  /** Whether hits bring the vectors of their entries. */
  readonly vectors: boolean;
}

export interface ShardFindings {
  readonly generation: number;
  readonly sequence: number;
  readonly missing: readonly MissingPart[];
  /** For each query, best first. */
  readonly answers: readonly {
    readonly found: readonly Found[];
    readonly ranges: ScoreRanges | null;
    readonly approximate: boolean;
  }[];
}

export interface ShardSearcher {
  /** What BM25 needs to know of the shard, for the terms of each query. */
  statistics(
    terms: readonly (readonly string[])[],
    consistency: ShardQuestion["consistency"],
  ): Promise<readonly CorpusStatistics[]>;
  find(question: ShardQuestion): Promise<ShardFindings>;
}
