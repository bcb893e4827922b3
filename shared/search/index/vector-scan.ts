/** The cosines of one query with the entries that pass: of rows in full or as bounds, of codes by one bit and by both. */
import { boundingQuery } from "./bounding-query.ts";
import { outstandingThresholds } from "./outstanding-thresholds.ts";
import { type QueryVector, queryVector } from "./query-vector.ts";
import type { CodeQueryPlace, ResidentCodes } from "./resident-codes.ts";
import { type ResidentRows, rowStride } from "./resident-rows.ts";
import { wordBytes } from "./resident-segment.ts";
import type { PassingSegment, ScanSpace, ScoreName } from "./scan-space.ts";
import type { WhiteningTransform } from "./whitening-transform.ts";

/** Where fewer than one entry in so many passes, only their codes are read. */
const codeListingShare = 2;
/** And only their rows: that takes as long as bounds of four times as many. */
const rowListingShare = 4;

/** An entry of a segment. */
export interface PlacedEntry {
  readonly place: PassingSegment;
  readonly entry: number;
}

export class VectorScan {
  readonly #space: ScanSpace;
  readonly #passing: readonly PassingSegment[];
  /** The query as the codes of each segment need it. */
  readonly #codeQueries = new Map<ResidentCodes, CodeQueryPlace>();
  /** Segments whose cosines are bounds but for those that have been settled. */
  readonly #bounded = new Set<PassingSegment>();
  /** The query as rows need it, and where its integers are. */
  #rowQuery: { readonly query: QueryVector; readonly integers: number } | null = null;

  constructor(space: ScanSpace, passing: readonly PassingSegment[]) {
    this.#space = space;
    this.#passing = passing;
  }

  /** Whether cosines are only nearly those of the rows, for some of these are not in memory. */
  get approximate(): boolean {
    return this.#passing.some(({ segment }) => segment.vectors.kind === "codes");
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
  score(vector: Float32Array, transform: WhiteningTransform, mayBound: boolean): void {
    const query = queryVector(vector, transform);
    const integers = this.#space.section("integers", rowStride(vector.length) * 2);
    this.#space.memory.int16(integers).fill(0).set(query.integers);
    this.#rowQuery = { query, integers: integers.pointer };
    const rowPlaces: PassingSegment[] = [];
    for (const place of this.#passing) {
      const { vectors } = place.segment;
      if (vectors.kind === "codes") this.#scoreSigns(place, vectors, vector);
      else if (!mayBound || isListed(place)) this.#scoreRows(place, vectors, query, integers.pointer);
      else rowPlaces.push(place);
    }
    if (rowPlaces.length > 0) this.#boundRows(rowPlaces, query);
  }

  /** Makes the cosines of some entries exact. */
  settle(selected: readonly PlacedEntry[]): void {
    for (const place of this.#bounded) {
      const entries = selected.filter((item) => item.place === place);
      if (entries.length === 0) continue;
      const section = this.#space.marked();
      const marked = this.#space.memory.bytes(section).fill(0, 0, wordBytes(place.segment.index.entries));
      for (const { entry } of entries) marked[entry >> 3]! |= 1 << (entry & 7);
      this.#scoreMarked(place, section.pointer);
    }
  }

  /** Makes the cosines exact of the entries that pass where they may be at least so high. */
  settleFrom(least: number): void {
    const marked = this.#space.marked().pointer;
    for (const place of this.#bounded) {
      const { entries } = place.segment.index;
      const found = this.#space.kernel.markOutstanding(
        ...([this.#space.scoresOf("cosines", place), this.#space.entryBits(place), entries] as const),
        ...([Number.NEGATIVE_INFINITY, least, marked] as const),
      );
      if (found > 0) this.#scoreMarked(place, marked);
    }
  }

  /** Scores entries in codes once more, by both bits: about so many of the highest scores and of the lowest. */
  refine(name: ScoreName, highest: number, lowest: number): void {
    const coded = this.#passing.filter(({ segment }) => segment.vectors.kind === "codes");
    const space = this.#space;
    const { kernel } = space;
    const marked = space.marked().pointer;
    const lists = coded.map((place) => ({
      ...{ scores: space.scoresOf(name, place), bits: space.entryBits(place) },
      ...{ count: place.segment.index.entries, passing: place.entries },
    }));
    const { low, high } = outstandingThresholds(space, lists, { highest, lowest });
    coded.forEach((place, i) => {
      const { scores, bits, count } = lists[i]!;
      const found = kernel.markOutstanding(scores, bits, count, low, high, marked);
      if (found === 0) return;
      const { entryRows, list, rowScores, jointInverses, cosines } = space.vectors(place);
      const rows = kernel.listRows(marked, count, entryRows, list);
      const codes = place.segment.vectors as ResidentCodes;
      codes.scoreLevels(this.#codeQueries.get(codes)!, list, rows, rowScores);
      if (entryRows !== 0) kernel.scoreEntries(marked, count, entryRows, rowScores, jointInverses, cosines);
    });
  }

  #scoreRows(place: PassingSegment, rows: ResidentRows, query: QueryVector, integers: number): void {
    const { entries } = place.segment.index;
    const { entryRows, list, rowScores, jointInverses, cosines } = this.#space.vectors(place);
    const bits = this.#space.entryBits(place);
    const { kernel } = this.#space;
    if (isListed(place)) {
      const count = kernel.listRows(bits, entries, entryRows, list);
      rows.scoreAt(query, integers, list, count, rowScores);
    } else {
      rows.score(query, integers, rowScores);
    }
    if (entryRows !== 0) kernel.scoreEntries(bits, entries, entryRows, rowScores, jointInverses, cosines);
  }

  #boundRows(places: readonly PassingSegment[], query: QueryVector): void {
    const bounding = boundingQuery(query);
    const elements = this.#space.section("bounding", rowStride(bounding.elements.length));
    this.#space.memory.int8(elements).fill(0).set(bounding.elements);
    for (const place of places) {
      const { vectors, index } = place.segment;
      const { entryRows, rowScores, jointInverses, cosines } = this.#space.vectors(place);
      (vectors as ResidentRows).bound(query, bounding, elements.pointer, rowScores);
      if (entryRows !== 0) {
        const bits = this.#space.entryBits(place);
        this.#space.kernel.scoreEntries(bits, index.entries, entryRows, rowScores, jointInverses, cosines);
      }
      this.#bounded.add(place);
    }
  }

  /** Scores entries by their rows. @param marked bitmap of them, of the segment's alone */
  #scoreMarked(place: PassingSegment, marked: number): void {
    const { entries } = place.segment.index;
    const { entryRows, list, rowScores, jointInverses, cosines } = this.#space.vectors(place);
    const { kernel } = this.#space;
    const { query, integers } = this.#rowQuery!;
    const count = kernel.listRows(marked, entries, entryRows, list);
    (place.segment.vectors as ResidentRows).scoreAt(query, integers, list, count, rowScores);
    if (entryRows !== 0) kernel.scoreEntries(marked, entries, entryRows, rowScores, jointInverses, cosines);
  }

  #scoreSigns(place: PassingSegment, codes: ResidentCodes, vector: Float32Array): void {
    const { entries, rows } = place.segment.index;
    const { entryRows, rowScores, jointInverses, cosines } = this.#space.vectors(place);
    const bits = this.#space.entryBits(place);
    const { kernel, memory } = this.#space;
    const query = codes.query(vector);
    const queryPlace = {
      query,
      tables: this.#space.section("tables", query.tables.byteLength),
      elements: this.#space.section("elements", query.elements.byteLength),
    };
    this.#codeQueries.set(codes, queryPlace);
    let rowBits = place.entries * codeListingShare < entries ? bits : 0;
    if (rowBits !== 0 && entryRows !== 0) {
      const section = this.#space.section("rowBits", wordBytes(this.#space.sizes.mostRows));
      memory.bytes(section).fill(0, 0, wordBytes(rows));
      kernel.spreadBits(bits, entries, entryRows, section.pointer);
      rowBits = section.pointer;
    }
    codes.scoreSigns(queryPlace, rowBits, rowScores);
    if (entryRows !== 0) kernel.scoreEntries(bits, entries, entryRows, rowScores, jointInverses, cosines);
  }
}

/** Whether so few entries pass that only their rows are read. */
function isListed({ entries, segment }: PassingSegment): boolean {
  return entries * rowListingShare < segment.index.entries;
}
