/** Search as plainly as it can be written, in double precision over the documents themselves: what is right. */
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import type { SearchMode } from "../../shared/search/index/index-query.ts";
import type { Whitening } from "../../shared/search/ranking/whitening.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";

export interface ReferenceQuery {
  readonly mode: SearchMode;
  readonly vector: Float32Array;
  readonly terms: readonly string[];
  readonly fusion: { by: "weighted"; weight: number } | { by: "reciprocal-rank"; k: number };
  readonly whitening: Whitening | null;
}

export interface ReferenceEntry {
  readonly document: EncodedDocument;
  readonly entryOfDocument: number;
  readonly cosine: number;
  readonly bm25: number;
  readonly score: number;
}

interface ScoredEntry {
  readonly document: EncodedDocument;
  readonly entryOfDocument: number;
  readonly words: readonly string[];
  readonly cosine: number;
  bm25: number;
  score: number;
}

/**
 * All entries of the documents that pass, with their scores; those that are no hits have a score of -Infinity.
 *
 * @param alive all documents, for the statistics of words
 */
export function referenceEntries(
  alive: readonly EncodedDocument[],
  passes: (document: EncodedDocument) => boolean,
  query: ReferenceQuery,
): ReferenceEntry[] {
  const everything = alive.flatMap((document) => entriesOf(document, query));
  const mean = everything.reduce((sum, { words }) => sum + words.length, 0) / everything.length;
  for (const entry of everything) {
    entry.bm25 = query.terms.reduce((sum, term) => {
      const frequency = entry.words.filter((word) => word === term).length;
      const containing = everything.filter(({ words }) => words.includes(term)).length;
      if (frequency === 0) return sum;
      const rarity = Math.log(1 + (everything.length - containing + 0.5) / (containing + 0.5));
      const norm = 1.2 * (0.25 + (0.75 * entry.words.length) / Math.max(1, mean));
      return sum + (rarity * frequency) / (frequency + norm);
    }, 0);
  }
  const entries = everything.filter(({ document }) => passes(document));
  fuse(entries, query);
  return entries;
}

/** Documents by their best entries, the best first; of equal ones the one whose id comes first. */
export function referenceRanking(entries: readonly ReferenceEntry[]): { id: string; score: number }[] {
  const best = new Map<string, number>();
  for (const { document, score } of entries) {
    best.set(document.id, Math.max(best.get(document.id) ?? Number.NEGATIVE_INFINITY, score));
  }
  return [...best]
    .map(([id, score]) => ({ id, score }))
    .filter(({ score }) => score > Number.NEGATIVE_INFINITY)
    .sort((left, right) => right.score - left.score || compareCodePoints(left.id, right.id));
}

function entriesOf(document: EncodedDocument, query: ReferenceQuery): ScoredEntry[] {
  const dimensions = query.vector.length;
  let row = 0;
  return document.entries.map(({ from, to, rows }, entryOfDocument) => {
    const asked = unit(Float64Array.from(query.vector), query.whitening);
    const [first, ...windows] = Array.from({ length: rows }, (_, i) => {
      const start = (row + i) * dimensions;
      const values = document.values.subarray(start, start + dimensions);
      return unit(
        Float64Array.from(values, (value) => value * document.scales[row + i]!),
        query.whitening,
      );
    });
    row += rows;
    const midpoints = windows.map((window) => window.map((value, i) => (value + first![i]!) / 2));
    return {
      document,
      entryOfDocument,
      words: wordsOf(document.text.slice(from, to)),
      cosine: Math.max(...(windows.length === 0 ? [first!] : midpoints).map((each) => cosine(asked, each))),
      bm25: 0,
      score: 0,
    };
  });
}

function unit(vector: Float64Array, whitening: Whitening | null): Float64Array {
  if (vector.every((value) => value === 0)) return vector;
  const whitened =
    whitening === null
      ? vector
      : vector.map((value, i) => (value - whitening.mean[i]! / 2) / Math.sqrt(whitening.deviation[i]!));
  const length = Math.sqrt(dot(whitened, whitened));
  return whitened.map((value) => value / length);
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, i) => sum + value * right[i]!, 0);
}

function cosine(left: Float64Array, right: Float64Array): number {
  const norms = Math.sqrt(dot(left, left) * dot(right, right));
  return norms === 0 ? 0 : dot(left, right) / norms;
}

function fuse(entries: ScoredEntry[], { mode, fusion }: ReferenceQuery): void {
  if (mode === "vector") {
    for (const entry of entries) entry.score = entry.cosine;
  } else if (mode === "keyword") {
    for (const entry of entries) entry.score = entry.bm25 > 0 ? entry.bm25 : Number.NEGATIVE_INFINITY;
  } else if (fusion.by === "weighted") {
    const cosines = minMax(entries.map((entry) => entry.cosine));
    const words = minMax(entries.map((entry) => entry.bm25));
    entries.forEach((entry, i) => {
      entry.score = fusion.weight * cosines[i]! + (1 - fusion.weight) * words[i]!;
    });
  } else {
    const cosines = ranksOf(entries, (entry) => entry.cosine);
    const words = ranksOf(
      entries.filter(({ bm25 }) => bm25 > 0),
      (entry) => entry.bm25,
    );
    for (const entry of entries) {
      entry.score = 1 / (fusion.k + cosines.get(entry)!);
      if (words.has(entry)) entry.score += 1 / (fusion.k + words.get(entry)!);
    }
  }
}

function minMax(values: readonly number[]): number[] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  return values.map((value) => (most > least ? (value - least) / (most - least) : 0));
}

function ranksOf(entries: ScoredEntry[], score: (entry: ScoredEntry) => number): Map<ScoredEntry, number> {
  const sorted = entries.toSorted(
    (left, right) =>
      score(right) - score(left) ||
      compareCodePoints(left.document.id, right.document.id) ||
      left.entryOfDocument - right.entryOfDocument,
  );
  return new Map(sorted.map((entry, i) => [entry, i + 1]));
}
