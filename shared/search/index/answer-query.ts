/** A query from its scores to its hits. */
import type { CorpusStatistics } from "./corpus-statistics.ts";
import type { IndexAnswer, IndexHit, IndexQuery, ScoreParts, ScoreRange, TermScore } from "./index-query.ts";
import { type KeywordQuery, keywordQuery } from "./keyword-query.ts";
import type { PassingSegment, QueryScan, Selected } from "./query-scan.ts";
import { queryVector, type Whitening } from "./query-vector.ts";
import {
  joinRankings,
  type RankedEntry,
  reciprocalRankDepth,
  reciprocalRankScore,
  sortSelected,
} from "./reciprocal-ranks.ts";

export interface AnswerContext {
  readonly whitening: Whitening | null;
  readonly stride: number;
  readonly statistics: CorpusStatistics;
  /** The id of a selected document. */
  readonly idOf: (document: Selected) => string;
}

/** A document with the entry that it is found by. */
interface Found extends Selected {
  readonly entry: number;
  readonly ranks?: RankedEntry;
}

/** The smallest number above 0 that the kernel knows. */
const leastPositive = 1.401298464324817e-45;

const defaultFusion = { by: "weighted", weight: 0.5 } as const;

/** Scores, fuses, selects, and says of each hit where its score comes from. */
export function answerQuery(scan: QueryScan, query: IndexQuery, context: AnswerContext): IndexAnswer {
  const { mode, offset = 0, limit, minScore = Number.NEGATIVE_INFINITY } = query;
  const wanted = offset + limit;
  const words = mode === "vector" ? null : keywordQuery(query.terms!, context.statistics);
  if (mode !== "keyword") scan.scoreVectors(queryVector(query.vector!, context.whitening), context.stride);
  if (words !== null) scan.scoreKeywords(words);

  const { fusion = defaultFusion } = query;
  let ranges: IndexAnswer["ranges"] = null;
  let found: Found[];
  if (mode === "vector") {
    found = scan.bestDocuments("cosines", wanted, minScore);
  } else if (mode === "keyword") {
    found = scan.bestDocuments("keywordScores", wanted, Math.max(minScore, leastPositive));
  } else if (fusion.by === "weighted") {
    ranges = query.ranges ?? { cosine: scan.range("cosines"), bm25: scan.range("keywordScores") };
    const { cosine, bm25 } = ranges;
    scan.fuse(
      ...([fusion.weight * factorOf(cosine), cosine.least] as const),
      ...([(1 - fusion.weight) * factorOf(bm25), bm25.least] as const),
    );
    found = scan.bestDocuments("fusedScores", wanted, minScore);
  } else {
    found = fuseByRank(scan, fusion.k, context.idOf).filter(({ score }) => score >= minScore);
  }

  const hits = sortSelected(found, context.idOf).slice(offset, wanted);
  return {
    hits: hits.map((hit) => describe(hit, scan, { query, words, ranges, idOf: context.idOf })),
    documents: scan.passing.reduce((sum, { documents }) => sum + documents, 0),
    entries: scan.passing.reduce((sum, { entries }) => sum + entries, 0),
    ranges,
  };
}

/** What brings a difference from the least score to 0 to 1; 0 where all scores are equal and so say nothing. */
function factorOf({ least, most }: ScoreRange): number {
  return most > least ? 1 / (most - least) : 0;
}

/** Documents by the ranks of their best entries. */
function fuseByRank(scan: QueryScan, k: number, idOf: AnswerContext["idOf"]): Found[] {
  const rank = (name: "cosines" | "keywordScores", minimum: number): Selected[] => {
    const entries = scan.bestEntries(name, reciprocalRankDepth, minimum);
    const idOfEntry = ({ place, number, score }: Selected): string =>
      idOf({ place, score, number: place.segment.index.view.documentOf(number) });
    return sortSelected(entries, idOfEntry).slice(0, reciprocalRankDepth);
  };
  const joined = joinRankings(
    rank("cosines", Number.NEGATIVE_INFINITY),
    rank("keywordScores", leastPositive),
  );
  const best = new Map<number, Found>();
  for (const ranks of joined) {
    const { place, number: entry } = ranks.selected;
    const number = place.segment.index.view.documentOf(entry);
    const score = reciprocalRankScore(ranks, k);
    const key = place.firstDocument + number;
    const other = best.get(key);
    if (other === undefined || score > other.score || (score === other.score && entry < other.entry)) {
      best.set(key, { place, number, entry, score, ranks });
    }
  }
  return [...best.values()];
}

function describe(
  { place, number, entry, score, ranks }: Found,
  scan: QueryScan,
  context: {
    query: IndexQuery;
    words: KeywordQuery | null;
    ranges: IndexAnswer["ranges"];
    idOf: AnswerContext["idOf"];
  },
): IndexHit {
  const { query, words, ranges, idOf } = context;
  const { documentEntries, entryRanges } = place.segment.index.view;
  const cosine = query.mode === "keyword" ? null : scan.score("cosines", place, entry);
  const bm25 = words === null ? null : scan.score("keywordScores", place, entry);
  const normalized = (value: number | null, range: ScoreRange | undefined): number | null =>
    value === null || range === undefined ? null : (value - range.least) * factorOf(range);
  const parts: ScoreParts = {
    cosine,
    bm25,
    normalizedCosine: normalized(cosine, ranges?.cosine),
    normalizedBm25: normalized(bm25, ranges?.bm25),
    cosineRank: ranks?.cosineRank ?? null,
    bm25Rank: ranks?.bm25Rank ?? null,
    terms: words !== null && query.explain === true ? termScores(words, place, entry) : [],
  };
  return {
    segment: place.segment.id,
    ordinal: number,
    id: idOf({ place, number, score }),
    entry,
    entryOfDocument: entry - documentEntries[number]!,
    from: entryRanges[entry * 2]!,
    to: entryRanges[entry * 2 + 1]!,
    score,
    parts,
  };
}

function termScores(
  { weights, base, slope }: KeywordQuery,
  place: PassingSegment,
  entry: number,
): TermScore[] {
  const { segment } = place;
  const length = segment.index.view.entryWords[entry]!;
  return [...weights].flatMap(([term, weight]) => {
    const frequency = segment.frequencyOf(term, entry);
    if (frequency === 0) return [];
    return [{ term, frequency, score: (weight * frequency) / (frequency + base + slope * length) }];
  });
}
