/** One instance of the search kernel: its exports with their types, and how to make one. */
import { searchKernelModule } from "#search-kernel";

/** What shared/search/kernel/assembly exports, documented there; pointers are byte addresses in `memory`. */
export interface SearchKernel {
  readonly memory: WebAssembly.Memory;
  heapPointer(): number;
  beginHash(): void;
  hashStripes(pointer: number, length: number): void;
  /** Two's complement: `BigInt.asUintN(64, …)` gives the hash. */
  finishHash(pointer: number, length: number, total: bigint): bigint;
  countBits(bitmap: number, count: number): number;
  spreadBits(documentBits: number, documents: number, documentEntries: number, entryBits: number): void;
  beginRows(): void;
  splitRows(rows: number, count: number, stride: number, upper: number, lower: number): void;
  mostRest(): number;
  mostNearRow(): number;
  boundRows(
    upper: number,
    count: number,
    stride: number,
    query: number,
    scales: number,
    inverses: number,
    multiplier: number,
    shift: number,
    constant: number,
    bounds: number,
  ): void;
  whitenRows(
    upper: number,
    lower: number,
    count: number,
    stride: number,
    scales: number,
    factors: number,
    offsets: number,
    inverses: number,
  ): void;
  joinRows(
    upper: number,
    lower: number,
    entries: number,
    entryRows: number,
    stride: number,
    scales: number,
    factors: number,
    offsets: number,
    inverses: number,
    room: number,
    jointInverses: number,
  ): void;
  scoreRows(
    upper: number,
    lower: number,
    count: number,
    stride: number,
    query: number,
    scales: number,
    inverses: number,
    multiplier: number,
    constant: number,
    scores: number,
  ): void;
  scoreRowsAt(
    list: number,
    count: number,
    upper: number,
    lower: number,
    stride: number,
    query: number,
    scales: number,
    inverses: number,
    multiplier: number,
    constant: number,
    scores: number,
  ): void;
  scoreSigns(
    signs: number,
    count: number,
    rowBytes: number,
    tables: number,
    rowBits: number,
    step: number,
    base: number,
    scores: number,
    ahead: number,
  ): void;
  scoreLevelsAt(
    list: number,
    count: number,
    signs: number,
    outer: number,
    rowBytes: number,
    query: number,
    growth: number,
    scales: number,
    scores: number,
  ): void;
  countScores(
    scores: number,
    passing: number,
    count: number,
    every: number,
    least: number,
    binsPerUnit: number,
    bins: number,
    histogram: number,
  ): number;
  markOutstanding(
    scores: number,
    passing: number,
    count: number,
    low: number,
    high: number,
    marked: number,
  ): number;
  listRows(passing: number, entries: number, entryRows: number, list: number): number;
  scoreEntries(
    passing: number,
    entries: number,
    entryRows: number,
    rowScores: number,
    jointInverses: number,
    scores: number,
  ): void;
  scoreDocuments(
    passing: number,
    documents: number,
    documentEntries: number,
    scores: number,
    documentScores: number,
    bestEntries: number,
  ): void;
  scorePostings(
    pointer: number,
    end: number,
    words: number,
    weight: number,
    base: number,
    slope: number,
    scores: number,
  ): void;
  countPostings(pointer: number, end: number, bitmap: number): number;
  frequencyOf(pointer: number, end: number, entry: number): number;
  checkPostings(postings: number, offsets: number, counts: number, terms: number, entries: number): number;
  beginRange(): void;
  extendRange(scores: number, passing: number, count: number): void;
  leastScore(): number;
  mostScore(): number;
  fuseScores(
    firstScores: number,
    secondScores: number,
    count: number,
    first: number,
    firstLeast: number,
    second: number,
    secondLeast: number,
    fused: number,
  ): void;
  selectTop(
    scores: number,
    passing: number,
    count: number,
    wanted: number,
    minimum: number,
    best: number,
  ): number;
}

/** A fresh instance, with memory of its own that goes when the instance does. */
export function instantiateSearchKernel(): SearchKernel {
  return new WebAssembly.Instance(searchKernelModule).exports as unknown as SearchKernel;
}
