/** A query from its scores to its hits. */
import { defaultFusionWeight, type ScoreRange } from "../ranking/min-max-fusion.ts";
import type { SelectedDocument } from "./best-scores.ts";
import { type Candidate, candidateOf, compareCandidates, hitOf } from "./candidate.ts";
import type { CorpusStatistics } from "./corpus-statistics.ts";
import type { Fusion, IndexAnswer, IndexQuery, ReadRows, ScoreRanges } from "./index-query.ts";
import { keywordQuery } from "./keyword-query.ts";
import { leastPositive } from "./least-positive.ts";
import type { QueryScan } from "./query-scan.ts";
import { fuseByRank, type RankedDocument } from "./rank-fusion.ts";
import { rescoreCandidates } from "./rescore-candidates.ts";
import { settleBest, wantedFirst } from "./settle-cosines.ts";
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

/** Results up to which cosines are bounded first: of more, too many would have to be scored after all. */
const mostBounded = 100;

const defaultFusion: Fusion = { by: "weighted", weight: defaultFusionWeight };

/** Scores, fuses, selects, and says of each hit where its score comes from. */
export async function answerQuery(
  scan: QueryScan,
  query: IndexQuery,
  context: AnswerContext,
): Promise<IndexAnswer> {
  const { mode, fusion = defaultFusion, offset = 0, limit, minScore = Number.NEGATIVE_INFINITY } = query;
  const words = mode === "vector" ? null : keywordQuery(query.terms!, context.statistics);
  const wanted = offset + limit;
  // Not for fusion: the lowest cosine counts there too, and a thousand ranks, which bounds leave too much in doubt of.
  const mayBound = mode === "vector" && wanted <= mostBounded && !scan.vectors.approximate;
  if (mode !== "keyword") scan.vectors.score(query.vector!, context.transform, mayBound);
  if (words !== null) scan.scoreKeywords(words);

  const readRows = mode !== "keyword" && scan.vectors.approximate ? context.readRows : undefined;
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

/** The best documents, and some more. */
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
    if (scan.vectors.approximate) scan.vectors.refine("cosines", refinedEntries, 0);
    if (query.mode === "vector") {
      if (scan.vectors.bounded) {
        const best = scan.bestDocuments("cosines", wantedFirst(count), minimum);
        settleBest(scan, best, count, minimum);
      }
      return { documents: scan.bestDocuments("cosines", count, minimum), ranges: null, count };
    }
  }
  if (fusion.by === "reciprocal-rank") {
    const documents = fuseByRank(scan, fusion.k).filter(({ score }) => score >= minimum);
    return { documents, ranges: null, count };
  }
  if (scan.vectors.approximate) scan.vectors.refine("cosines", refinedEnds, refinedEnds);
  const ranges = query.ranges ?? { cosine: scan.range("cosines"), bm25: scan.range("keywordScores") };
  const fuse = (): void => {
    const { cosine, bm25 } = ranges;
    const cosineFactor = fusion.weight * factorOf(cosine);
    scan.fuse(cosineFactor, cosine.least, (1 - fusion.weight) * factorOf(bm25), bm25.least);
  };
  fuse();
  if (scan.vectors.approximate) {
    scan.vectors.refine("fusedScores", refinedEntries, 0);
    fuse();
  }
  return { documents: scan.bestDocuments("fusedScores", count, minimum), ranges, count };
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
