/** A query from its scores to its hits. */
import { defaultFusionWeight, type ScoreRange } from "../ranking/min-max-fusion.ts";
import { type Candidate, candidateOf, compareCandidates, hitOf } from "./candidate.ts";
import type { CorpusStatistics } from "./corpus-statistics.ts";
import type { Fusion, IndexAnswer, IndexQuery, ReadRows, ScoreRanges } from "./index-query.ts";
import { keywordQuery } from "./keyword-query.ts";
import { leastPositive } from "./least-positive.ts";
import type { QueryScan, SelectedDocument } from "./query-scan.ts";
import { fuseByRank, type RankedDocument, reciprocalRankDepth } from "./rank-fusion.ts";
import { rescoreCandidates } from "./rescore-candidates.ts";
import { type SelectedEntry, settleBest, wantedFirst } from "./settle-cosines.ts";
import type { WhiteningTransform } from "./whitening-transform.ts";

export interface AnswerContext {
  readonly transform: WhiteningTransform;
  readonly statistics: CorpusStatistics;
  readonly readRows: ReadRows | undefined;
}

/** Entries that are scored by both bits after all have been by their signs. */
const refinedEntries = 2048;
/** Likewise, for the range of cosines: at either end. */
const refinedEnds = 256;

/** Candidates that are scored by their rows, at least, and for every document that is wanted. */
const leastCandidates = 60;
const candidatesPerWanted = 2;

const defaultFusion: Fusion = { by: "weighted", weight: defaultFusionWeight };

/** Scores, fuses, selects, and says of each hit where its score comes from. */
export async function answerQuery(
  scan: QueryScan,
  query: IndexQuery,
  context: AnswerContext,
): Promise<IndexAnswer> {
  const { mode, fusion = defaultFusion, offset = 0, limit, minScore = Number.NEGATIVE_INFINITY } = query;
  const words = mode === "vector" ? null : keywordQuery(query.terms!, context.statistics);
  // The range of cosines takes the lowest, too.
  const opposites = mode === "hybrid" && fusion.by === "weighted" && query.ranges === undefined;
  if (mode !== "keyword") scan.scoreVectors(query.vector!, context.transform, opposites);
  if (words !== null) scan.scoreKeywords(words);

  const wanted = offset + limit;
  const readRows = mode !== "keyword" && scan.approximate ? context.readRows : undefined;
  const selected =
    readRows === undefined
      ? select(scan, query, fusion, wanted, minScore)
      : select(
          ...([scan, query, fusion] as const),
          Math.max(leastCandidates, wanted * candidatesPerWanted),
          Number.NEGATIVE_INFINITY,
        );
  // Nothing of the scan is looked at after this: while rows are read, the next query may begin another.
  let { candidates, ranges } = describe(scan, query, selected, words);
  const totals = {
    documents: scan.passing.reduce((sum, { documents }) => sum + documents, 0),
    entries: scan.passing.reduce((sum, { entries }) => sum + entries, 0),
  };
  let [rowsRead, unread]: [number, readonly string[]] = [0, []];
  if (readRows !== undefined) {
    const { transform } = context;
    const rescored = await rescoreCandidates(candidates, ranges, readRows, {
      ...{ mode, fusion, transform, vector: query.vector!, rangesGiven: query.ranges !== undefined },
    });
    ({ candidates, ranges, rowsRead, unread } = rescored);
    candidates = candidates.filter(({ score }) => score >= minScore).sort(compareCandidates);
  }
  const hits = candidates.slice(offset, wanted).map((candidate) => hitOf(candidate, ranges));
  return { hits, ...totals, ranges, rowsRead, unread };
}

interface Selection {
  readonly documents: readonly (SelectedDocument & { readonly ranks?: RankedDocument["ranks"] })[];
  readonly ranges: ScoreRanges | null;
  readonly count: number;
}

/** The best documents, and more: as many as are wanted of each segment. */
function select(
  scan: QueryScan,
  query: IndexQuery,
  fusion: Fusion,
  count: number,
  minimum: number,
): Selection {
  if (query.mode === "keyword") {
    const least = Math.max(minimum, leastPositive);
    return { documents: scan.bestDocuments("keywordScores", count, least), ranges: null, count };
  }
  if (query.mode === "vector" || fusion.by === "reciprocal-rank") {
    if (scan.approximate) scan.refine("cosines", refinedEntries, 0);
    if (query.mode === "vector") {
      if (scan.bounded) {
        const best = scan.bestDocuments("cosines", wantedFirst(count), minimum);
        settleBest(scan, "cosines", best, count, minimum, cosineIn(scan));
      }
      return { documents: scan.bestDocuments("cosines", count, minimum), ranges: null, count };
    }
  }
  if (fusion.by === "reciprocal-rank") {
    if (scan.bounded) settleEntries(scan, "cosines", reciprocalRankDepth);
    const documents = fuseByRank(scan, fusion.k).filter(({ score }) => score >= minimum);
    // Those that are here for their words alone.
    scan.settle(documents);
    return { documents, ranges: null, count };
  }
  if (scan.approximate) scan.refine("cosines", refinedEnds, refinedEnds);
  if (scan.bounded && query.ranges === undefined) {
    settleEntries(scan, "cosines", 1);
    settleEntries(scan, "opposites", 1);
  }
  const ranges = query.ranges ?? { cosine: scan.range("cosines"), bm25: scan.range("keywordScores") };
  const fuse = (): void => {
    const { cosine, bm25 } = ranges;
    const cosineFactor = fusion.weight * factorOf(cosine);
    scan.fuse(cosineFactor, cosine.least, (1 - fusion.weight) * factorOf(bm25), bm25.least);
  };
  fuse();
  if (scan.approximate) {
    scan.refine("fusedScores", refinedEntries, 0);
    fuse();
  }
  if (scan.bounded) {
    const { cosine, bm25 } = ranges;
    const best = scan.bestDocuments("fusedScores", wantedFirst(count), minimum);
    settleBest(scan, "fusedScores", best, count, minimum, ({ place, entry }) => {
      const similarity = (scan.score("cosines", place, entry) - cosine.least) * factorOf(cosine);
      const words = (scan.score("keywordScores", place, entry) - bm25.least) * factorOf(bm25);
      return fusion.weight * similarity + (1 - fusion.weight) * words;
    });
    fuse();
  }
  return { documents: scan.bestDocuments("fusedScores", count, minimum), ranges, count };
}

function cosineIn(scan: QueryScan): (selected: SelectedEntry) => number {
  return ({ place, entry }) => scan.score("cosines", place, entry);
}

/** Makes the cosines exact of so many entries that have the highest, or the lowest. */
function settleEntries(scan: QueryScan, name: "cosines" | "opposites", wanted: number): void {
  const minimum = Number.NEGATIVE_INFINITY;
  const best = scan
    .bestEntries(name, wantedFirst(wanted), minimum)
    .map(({ place, number, score }) => ({ place, score, entry: number }));
  const sign = name === "cosines" ? 1 : -1;
  const cosine = cosineIn(scan);
  settleBest(scan, name, best, wanted, minimum, (selected) => sign * cosine(selected));
}

/** What brings a difference from the least score to 0 to 1; 0 where all scores are equal and so say nothing. */
function factorOf({ least, most }: ScoreRange): number {
  return most > least ? 1 / (most - least) : 0;
}

/** Looks up the selected documents of all segments, as many as were wanted, in order. */
function describe(
  scan: QueryScan,
  { mode, explain = false }: IndexQuery,
  { documents, ranges, count }: Selection,
  words: ReturnType<typeof keywordQuery> | null,
): { candidates: Candidate[]; ranges: ScoreRanges | null } {
  // Most of what the segments put forward is out of the question: it need not be looked up.
  const scores = Float64Array.from(documents, ({ score }) => score).sort();
  const least = scores[Math.max(0, scores.length - count)] ?? Number.NEGATIVE_INFINITY;
  const asked = { vector: mode !== "keyword", words: mode !== "vector" };
  const candidates = documents
    .filter(({ score }) => score >= least)
    .map((document) => candidateOf(document, scan, asked, document.ranks ?? null, explain ? words : null))
    .sort(compareCandidates)
    .slice(0, count);
  return { candidates, ranges };
}
