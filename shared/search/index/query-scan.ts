/** One query over all segments, step by step: which entries pass, their scores, and the best of them. */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import type { ScoreRange } from "../ranking/min-max-fusion.ts";
import type { IndexView } from "../segment/index-part-reader.ts";
import { boundingQuery } from "./bounding-query.ts";
import type { KeywordQuery } from "./keyword-query.ts";
import { outstandingThresholds } from "./outstanding-thresholds.ts";
import { type QueryVector, queryVector } from "./query-vector.ts";
import type { CodeQueryPlace, ResidentCodes } from "./resident-codes.ts";
import { type ResidentRows, rowStride } from "./resident-rows.ts";
import { wordBytes } from "./resident-segment.ts";
import type { WhiteningTransform } from "./whitening-transform.ts";
import type { SegmentPlace, SpaceSizes, WorkingSpace } from "./working-space.ts";

/** Where fewer than one entry in so many passes, only their codes are read. */
const codeListingShare = 2;
/** And only their rows: that takes as long as bounds of four times as many. */
const rowListingShare = 4;

/** Bytes of an item that the kernel selects: f32 score, u32 number. */
const topItemBytes = 8;

/** Scores of all entries, one of three. */
export type ScoreName = "cosines" | "keywordScores" | "fusedScores";

/** A segment of which something passes. */
export interface PassingSegment extends SegmentPlace {
  readonly documents: number;
  readonly entries: number;
}

/** Something that was selected, by its number within a segment. */
export interface Selected {
  readonly place: PassingSegment;
  readonly number: number;
  readonly score: number;
}

/** A document, by its number, that was selected for the score of one of its entries. */
export interface SelectedDocument extends Selected {
  readonly entry: number;
}

export class QueryScan {
  readonly passing: readonly PassingSegment[];
  readonly #memory: SectionMemory;
  readonly #space: WorkingSpace;
  readonly #sizes: SpaceSizes;
  /** The query as the codes of each segment need it. */
  readonly #codeQueries = new Map<ResidentCodes, CodeQueryPlace>();
  /** Segments whose cosines are bounds but for those that have been settled. */
  readonly #bounded = new Set<PassingSegment>();
  /** The query as rows need it, and where its integers are. */
  #rowQuery: { readonly query: QueryVector; readonly integers: number } | null = null;

  /** Finds what is alive and passes the filter. */
  constructor(
    memory: SectionMemory,
    space: WorkingSpace,
    { places, sizes }: { places: readonly SegmentPlace[]; sizes: SpaceSizes },
    filter: ((index: IndexView) => Uint8Array) | undefined,
  ) {
    this.#memory = memory;
    this.#space = space;
    this.#sizes = sizes;
    this.passing = places.map((place) => this.#pass(place, filter)).filter(({ documents }) => documents > 0);
  }

  /** Whether cosines are only nearly those of the rows, for some of these are not in memory. */
  get approximate(): boolean {
    return this.passing.some(({ segment }) => segment.vectors.kind === "codes");
  }

  /** Whether cosines are bounds, which `settle` and `settleFrom` make exact. */
  get bounded(): boolean {
    return this.#bounded.size > 0;
  }

  /**
   * Scores the vectors of all entries that pass: codes by their signs, rows as they are.
   *
   * @param mayBound whether what cosines of rows are at most will do, where many pass: a third of the work
   */
  scoreVectors(vector: Float32Array, transform: WhiteningTransform, mayBound: boolean): void {
    const query = queryVector(vector, transform);
    const integers = this.#space.section("integers", rowStride(vector.length) * 2);
    this.#memory.int16(integers).fill(0).set(query.integers);
    this.#rowQuery = { query, integers: integers.pointer };
    const rowPlaces: PassingSegment[] = [];
    for (const place of this.passing) {
      const { vectors } = place.segment;
      if (vectors.kind === "codes") this.#scoreSigns(place, vectors, vector);
      else if (!mayBound || this.#isListed(place)) this.#scoreRows(place, vectors, query, integers.pointer);
      else rowPlaces.push(place);
    }
    if (rowPlaces.length > 0) this.#boundRows(rowPlaces, query);
  }

  /** Makes the cosines of some entries exact. */
  settle(selected: readonly { readonly place: PassingSegment; readonly entry: number }[]): void {
    for (const place of this.#bounded) {
      const entries = selected.filter((item) => item.place === place);
      if (entries.length === 0) continue;
      const section = this.#space.section("marked", this.#sizes.entries / 8);
      const marked = this.#memory.bytes(section).fill(0, 0, wordBytes(place.segment.index.entries));
      for (const { entry } of entries) marked[entry >> 3]! |= 1 << (entry & 7);
      this.#scoreMarked(place, section.pointer);
    }
  }

  /** Makes the cosines exact of the entries that pass where they may be at least so high. */
  settleFrom(least: number): void {
    const scores = this.#scores("cosines").pointer;
    const marked = this.#space.section("marked", this.#sizes.entries / 8).pointer;
    for (const place of this.#bounded) {
      const { entries } = place.segment.index;
      const found = this.#memory.kernel.markOutstanding(
        ...([scores + place.firstEntry * 4, this.#entryBits(place.firstEntry), entries] as const),
        ...([Number.NEGATIVE_INFINITY, least, marked] as const),
      );
      if (found > 0) this.#scoreMarked(place, marked);
    }
  }

  /** Scores entries in codes once more, by both bits: about so many of the highest scores and of the lowest. */
  refine(name: ScoreName, highest: number, lowest: number): void {
    const coded = this.passing.filter(({ segment }) => segment.vectors.kind === "codes");
    const { kernel } = this.#memory;
    const scores = this.#scores(name).pointer;
    const marked = this.#space.section("marked", this.#sizes.entries / 8).pointer;
    const { low, high } = outstandingThresholds(
      this.#memory,
      this.#space,
      coded.map(({ firstEntry, segment, entries }) => ({
        ...{ scores: scores + firstEntry * 4, bits: this.#entryBits(firstEntry) },
        ...{ count: segment.index.entries, passing: entries },
      })),
      { highest, lowest },
    );
    for (const place of coded) {
      const { segment, firstEntry } = place;
      const { entries } = segment.index;
      const bits = this.#entryBits(firstEntry);
      const found = kernel.markOutstanding(scores + firstEntry * 4, bits, entries, low, high, marked);
      if (found === 0) continue;
      const { entryRows, list, rowScores, cosines } = this.#vectorSpace(place);
      const rows = kernel.listRows(marked, entries, entryRows, list);
      const codes = segment.vectors as ResidentCodes;
      codes.scoreLevels(this.#codeQueries.get(codes)!, list, rows, rowScores);
      if (entryRows !== 0) kernel.scoreEntries(marked, entries, entryRows, rowScores, cosines);
    }
  }

  /** Scores the words of all entries. */
  scoreKeywords({ weights, base, slope }: KeywordQuery): void {
    const section = this.#scores("keywordScores");
    const { kernel } = this.#memory;
    for (const { segment, firstEntry } of this.passing) {
      const { index } = segment;
      const scores = section.pointer + firstEntry * 4;
      this.#memory.float32(section).fill(0, firstEntry, firstEntry + index.entries);
      const { entryWords } = index.pointers;
      for (const [term, weight] of weights) {
        const postings = index.postingsOf(term);
        if (postings === null) continue;
        kernel.scorePostings(postings.begin, postings.end, entryWords, weight, base, slope, scores);
      }
    }
  }

  /** The least and the highest score of the entries that pass. */
  range(name: ScoreName): ScoreRange {
    const { kernel } = this.#memory;
    const scores = this.#scores(name);
    kernel.beginRange();
    for (const { segment, firstEntry } of this.passing) {
      const bits = this.#entryBits(firstEntry);
      kernel.extendRange(scores.pointer + firstEntry * 4, bits, segment.index.entries);
    }
    return { least: kernel.leastScore(), most: kernel.mostScore() };
  }

  /** Fused = cosineFactor * (cosine - cosineLeast) + keywordFactor * (BM25 - keywordLeast). */
  fuse(cosineFactor: number, cosineLeast: number, keywordFactor: number, keywordLeast: number): void {
    const cosines = this.#scores("cosines");
    const keywords = this.#scores("keywordScores");
    const fused = this.#scores("fusedScores");
    for (const { segment, firstEntry } of this.passing) {
      this.#memory.kernel.fuseScores(
        cosines.pointer + firstEntry * 4,
        keywords.pointer + firstEntry * 4,
        segment.index.entries,
        ...([cosineFactor, cosineLeast, keywordFactor, keywordLeast] as const),
        fused.pointer + firstEntry * 4,
      );
    }
  }

  score(name: ScoreName, { firstEntry }: SegmentPlace, entry: number): number {
    return this.#memory.float32(this.#scores(name))[firstEntry + entry]!;
  }

  /** The best entries of each segment, as many as are wanted; of equal ones those of the lower numbers. */
  bestEntries(name: ScoreName, wanted: number, minimum: number): Selected[] {
    const scores = this.#scores(name);
    return this.passing.flatMap((place) => {
      const { firstEntry, segment } = place;
      const [pointer, bits] = [scores.pointer + firstEntry * 4, this.#entryBits(firstEntry)];
      return this.#select(place, pointer, bits, segment.index.entries, wanted, minimum);
    });
  }

  /** The best documents of each segment by their best entry. */
  bestDocuments(name: ScoreName, wanted: number, minimum: number): SelectedDocument[] {
    const scores = this.#scores(name);
    return this.passing.flatMap((place) => {
      const { index } = place.segment;
      const { documents } = index;
      const { documentEntries } = index.pointers;
      const bits = this.#documentBits(place.firstDocument);
      const entryScores = scores.pointer + place.firstEntry * 4;
      if (documentEntries === 0) {
        const selected = this.#select(place, entryScores, bits, documents, wanted, minimum);
        return selected.map((item) => ({ ...item, entry: item.number }));
      }
      const bytes = this.#sizes.mostDocuments * 4;
      const documentScores = this.#space.section("documentScores", bytes).pointer;
      const bestEntries = this.#space.section("bestEntries", bytes);
      this.#memory.kernel.scoreDocuments(
        ...([bits, documents, documentEntries, entryScores, documentScores, bestEntries.pointer] as const),
      );
      const selected = this.#select(place, documentScores, bits, documents, wanted, minimum);
      const entries = this.#memory.uint32(bestEntries);
      return selected.map((item) => ({ ...item, entry: entries[item.number]! }));
    });
  }

  #scoreRows(place: PassingSegment, rows: ResidentRows, query: QueryVector, integers: number): void {
    const { entries } = place.segment.index;
    const { entryRows, list, rowScores, cosines } = this.#vectorSpace(place);
    const bits = this.#entryBits(place.firstEntry);
    const { kernel } = this.#memory;
    if (this.#isListed(place)) {
      const count = kernel.listRows(bits, entries, entryRows, list);
      rows.scoreAt(query, integers, list, count, rowScores);
    } else {
      rows.score(query, integers, rowScores);
    }
    if (entryRows !== 0) kernel.scoreEntries(bits, entries, entryRows, rowScores, cosines);
  }

  #boundRows(places: readonly PassingSegment[], query: QueryVector): void {
    const bounding = boundingQuery(query);
    const elements = this.#space.section("bounding", rowStride(bounding.elements.length));
    this.#memory.int8(elements).fill(0).set(bounding.elements);
    for (const place of places) {
      const { segment, firstEntry } = place;
      const { entryRows, rowScores, cosines } = this.#vectorSpace(place);
      (segment.vectors as ResidentRows).bound(query, bounding, elements.pointer, rowScores);
      if (entryRows !== 0) {
        const bits = this.#entryBits(firstEntry);
        this.#memory.kernel.scoreEntries(bits, segment.index.entries, entryRows, rowScores, cosines);
      }
      this.#bounded.add(place);
    }
  }

  /** Whether so few entries pass that only their rows are read. */
  #isListed({ entries, segment }: PassingSegment): boolean {
    return entries * rowListingShare < segment.index.entries;
  }

  /** Scores entries by their rows. @param marked bitmap of them, of the segment's alone */
  #scoreMarked(place: PassingSegment, marked: number): void {
    const { entries } = place.segment.index;
    const { entryRows, list, rowScores, cosines } = this.#vectorSpace(place);
    const { kernel } = this.#memory;
    const { query, integers } = this.#rowQuery!;
    const count = kernel.listRows(marked, entries, entryRows, list);
    (place.segment.vectors as ResidentRows).scoreAt(query, integers, list, count, rowScores);
    if (entryRows !== 0) kernel.scoreEntries(marked, entries, entryRows, rowScores, cosines);
  }

  #scoreSigns(place: PassingSegment, codes: ResidentCodes, vector: Float32Array): void {
    const { entries, rows } = place.segment.index;
    const { entryRows, rowScores, cosines } = this.#vectorSpace(place);
    const bits = this.#entryBits(place.firstEntry);
    const { kernel } = this.#memory;
    const query = codes.query(vector);
    const queryPlace = {
      query,
      tables: this.#space.section("tables", query.tables.byteLength),
      elements: this.#space.section("elements", query.elements.byteLength),
    };
    this.#codeQueries.set(codes, queryPlace);
    let rowBits = place.entries * codeListingShare < entries ? bits : 0;
    if (rowBits !== 0 && entryRows !== 0) {
      const section = this.#space.section("rowBits", wordBytes(this.#sizes.mostRows));
      this.#memory.bytes(section).fill(0, 0, wordBytes(rows));
      kernel.spreadBits(bits, entries, entryRows, section.pointer);
      rowBits = section.pointer;
    }
    codes.scoreSigns(queryPlace, rowBits, rowScores);
    if (entryRows !== 0) kernel.scoreEntries(bits, entries, entryRows, rowScores, cosines);
  }

  /** Where a segment's vectors are scored: in place where every entry has one row. */
  #vectorSpace({ segment, firstEntry }: PassingSegment): {
    entryRows: number;
    list: number;
    rowScores: number;
    cosines: number;
  } {
    const { mostRows } = this.#sizes;
    const { entryRows } = segment.index.pointers;
    const cosines = this.#scores("cosines").pointer + firstEntry * 4;
    const list = this.#space.section("list", (mostRows + 3) * 4).pointer;
    const rowScores = entryRows === 0 ? cosines : this.#space.section("rowScores", mostRows * 4).pointer;
    return { entryRows, list, rowScores, cosines };
  }

  #pass(place: SegmentPlace, filter: ((index: IndexView) => Uint8Array) | undefined): PassingSegment {
    const { segment, firstDocument, firstEntry } = place;
    const { index } = segment;
    const { kernel } = this.#memory;
    const bits = segment.alive.slice();
    const passing = filter?.(index.view);
    if (passing !== undefined) {
      for (let i = 0; i < bits.length; i++) bits[i]! &= passing[i] ?? 0;
    }
    const documentBits = this.#documentBits(firstDocument);
    const entryBits = this.#entryBits(firstEntry);
    const memory = new Uint8Array(kernel.memory.buffer);
    memory.set(bits, documentBits);
    const { documentEntries } = index.pointers;
    if (documentEntries === 0) {
      memory.set(bits, entryBits);
    } else {
      memory.fill(0, entryBits, entryBits + wordBytes(index.entries));
      kernel.spreadBits(documentBits, index.documents, documentEntries, entryBits);
    }
    return {
      ...place,
      documents: kernel.countBits(documentBits, index.documents),
      entries: kernel.countBits(entryBits, index.entries),
    };
  }

  #documentBits(firstDocument: number): number {
    return this.#space.section("documentBits", this.#sizes.documents / 8).pointer + firstDocument / 8;
  }

  #entryBits(firstEntry: number): number {
    return this.#space.section("entryBits", this.#sizes.entries / 8).pointer + firstEntry / 8;
  }

  #scores(name: ScoreName): Section {
    return this.#space.section(name, this.#sizes.entries * 4);
  }

  #select(
    place: PassingSegment,
    scores: number,
    bits: number,
    count: number,
    wanted: number,
    minimum: number,
  ): Selected[] {
    const most = Math.min(wanted, count);
    const top = this.#space.section("top", most * topItemBytes);
    const found = this.#memory.kernel.selectTop(scores, bits, count, most, minimum, top.pointer);
    const scoresFound = this.#memory.float32(top);
    const numbersFound = this.#memory.uint32(top);
    return Array.from({ length: found }, (_, i) => ({
      place,
      score: scoresFound[i * 2]!,
      number: numbersFound[i * 2 + 1]!,
    }));
  }
}
