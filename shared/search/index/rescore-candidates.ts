/** Candidates found by codes, scored by their rows, which are read for it. */
import { jointInverse } from "../ranking/joint-inverse.ts";
import { minMaxScore, scoreRange } from "../ranking/min-max-fusion.ts";
import type { Candidate } from "./candidate.ts";
import type { Fusion, ReadRows, ScoreRanges, SearchMode } from "./index-query.ts";
import type { WhiteningTransform } from "./whitening-transform.ts";

export interface RescoreContext {
  readonly mode: SearchMode;
  readonly fusion: Fusion;
  readonly vector: Float32Array;
  readonly transform: WhiteningTransform;
  /** Whether `ranges` are those of more than this index. */
  readonly rangesGiven: boolean;
}

export interface Rescored {
  readonly candidates: Candidate[];
  readonly ranges: ScoreRanges | null;
  /** Rows that were read. */
  readonly rowsRead: number;
  /** Segments of which some could not be. */
  readonly unread: readonly string[];
}

/** Reads the rows of all candidates at once, and scores these as if the rows had been in memory. */
export async function rescoreCandidates(
  candidates: readonly Candidate[],
  ranges: ScoreRanges | null,
  readRows: ReadRows,
  context: RescoreContext,
): Promise<Rescored> {
  const requests = requestsOf(candidates);
  const contents = await readRows(requests);
  const { vector, transform } = context;
  const { length: dimensions } = vector;
  const query = transform.unit(vector, 1, new Float64Array(dimensions));
  const unread = new Set<string>();
  const units = new Map<string, ReadUnit>();
  requests.forEach(({ segment, rows }, request) => {
    const content = contents[request];
    if (content === null || content === undefined) {
      unread.add(segment);
      return;
    }
    const places = new Map(Array.from(rows, (row, i) => [row, i]));
    units.set(segment, (row, target) => {
      const i = places.get(row)!;
      const values = content.values.subarray(i * dimensions, (i + 1) * dimensions);
      return transform.unit(values, content.scales[i]!, target);
    });
  });
  const exact = candidates.map((candidate) => {
    const readUnit = units.get(candidate.segment);
    return candidate.approximate && readUnit !== undefined
      ? { ...candidate, approximate: false, cosine: entryCosine(candidate, query, readUnit) }
      : candidate;
  });
  return {
    ...scoreAgain(exact, ranges, context),
    rowsRead: requests.reduce((sum, { rows }) => sum + rows.length, 0),
    unread: [...unread],
  };
}

function requestsOf(candidates: readonly Candidate[]): { segment: string; rows: Uint32Array }[] {
  const rows = new Map<string, number[]>();
  for (const { segment, firstRow, rows: count, approximate } of candidates) {
    if (!approximate) continue;
    const ofSegment = rows.get(segment) ?? [];
    for (let row = firstRow; row < firstRow + count; row++) ofSegment.push(row);
    rows.set(segment, ofSegment);
  }
  return [...rows].map(([segment, numbers]) => ({ segment, rows: Uint32Array.from(numbers).sort() }));
}

/** Writes a row's whitened vector of length 1 into `target`, and returns it. */
type ReadUnit = (row: number, target: Float64Array) => Float64Array;

/** That of the first row or, if there are windows, the highest of the midpoints of a window and the first row. */
function entryCosine({ firstRow, rows }: Candidate, query: Float64Array, readUnit: ReadUnit): number {
  const cosine = (unit: Float64Array): number => unit.reduce((sum, value, i) => sum + value * query[i]!, 0);
  const first = readUnit(firstRow, new Float64Array(query.length));
  const firstCosine = cosine(first);
  if (rows === 1) return firstCosine;
  const unit = new Float64Array(query.length);
  let best = Number.NEGATIVE_INFINITY;
  for (let row = firstRow + 1; row < firstRow + rows; row++) {
    readUnit(row, unit);
    best = Math.max(best, (firstCosine + cosine(unit)) * jointInverse(first, unit));
  }
  return best;
}

/** Scores by what is known now. */
function scoreAgain(
  candidates: Candidate[],
  ranges: ScoreRanges | null,
  { mode, fusion, rangesGiven }: RescoreContext,
): { candidates: Candidate[]; ranges: ScoreRanges | null } {
  if (mode === "vector") {
    return { candidates: candidates.map((each) => ({ ...each, score: each.cosine! })), ranges };
  }
  if (fusion.by === "reciprocal-rank") return { candidates: rankAgain(candidates, fusion.k), ranges };
  // The highest cosine is that of a candidate. The least is that of none, and stays as the codes have it.
  const most = scoreRange(candidates.map(({ cosine }) => cosine!)).most;
  const known = rangesGiven ? ranges! : { ...ranges!, cosine: { least: ranges!.cosine.least, most } };
  const { weight } = fusion;
  const scored = candidates.map((each) => {
    const [cosine, bm25] = [minMaxScore(each.cosine!, known.cosine), minMaxScore(each.bm25!, known.bm25)];
    return { ...each, score: weight * cosine + (1 - weight) * bm25 };
  });
  return { candidates: scored, ranges: known };
}

/** The candidates have their places among the cosines still, but share them out among themselves anew. */
function rankAgain(candidates: readonly Candidate[], k: number): Candidate[] {
  const ranked = candidates.filter(({ ranks }) => ranks!.cosineRank !== null);
  const places = ranked.map(({ ranks }) => ranks!.cosineRank!).sort((left, right) => left - right);
  const order = ranked.toSorted((left, right) => right.cosine! - left.cosine!);
  const placeOf = new Map(order.map((candidate, i) => [candidate, places[i]!]));
  const share = (rank: number | null): number => (rank === null ? 0 : 1 / (k + rank));
  return candidates.map((candidate) => {
    const cosineRank = placeOf.get(candidate) ?? null;
    const { bm25Rank } = candidate.ranks!;
    return { ...candidate, ranks: { cosineRank, bm25Rank }, score: share(cosineRank) + share(bm25Rank) };
  });
}
