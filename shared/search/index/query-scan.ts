/** One query over all segments, step by step: which entries pass, their scores, and the best of them. */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import type { IndexView } from "../segment/index-part-reader.ts";
import type { ScoreRange } from "./index-query.ts";
import type { KeywordQuery } from "./keyword-query.ts";
import type { QueryVector } from "./query-vector.ts";
import { wordBytes } from "./resident-segment.ts";
import type { SegmentPlace, SpaceSizes, WorkingSpace } from "./working-space.ts";

/** Where fewer than one entry in so many passes, only their rows are read. */
const listingShare = 2;

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

export class QueryScan {
  readonly passing: readonly PassingSegment[];
  readonly #memory: SectionMemory;
  readonly #space: WorkingSpace;
  readonly #sizes: SpaceSizes;

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

  /** Scores the vectors of all entries that pass. */
  scoreVectors(query: QueryVector, stride: number): void {
    const integers = this.#space.section("integers", stride * 2);
    this.#memory.int16(integers).fill(0).set(query.integers);
    const cosines = this.#scores("cosines");
    const rowScores = this.#space.section("rowScores", this.#sizes.mostRows * 4);
    const list = this.#space.section("list", (this.#sizes.mostRows + 3) * 4);
    const { kernel } = this.#memory;
    for (const { segment, firstEntry, entries } of this.passing) {
      const { index, rows } = segment;
      const { entryRows } = index.pointers;
      const target = cosines.pointer + firstEntry * 4;
      const scores = entryRows === 0 ? target : rowScores.pointer;
      const bits = this.#entryBits(firstEntry);
      if (entries * listingShare < index.entries) {
        const count = kernel.listRows(bits, index.entries, entryRows, list.pointer);
        rows.scoreAt(query, integers.pointer, list.pointer, count, scores);
      } else {
        rows.score(query, integers.pointer, scores);
      }
      if (entryRows !== 0) kernel.scoreEntries(bits, index.entries, entryRows, scores, target);
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
      kernel.extendRange(scores.pointer + firstEntry * 4, this.#entryBits(firstEntry), segment.index.entries);
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
      const pointer = scores.pointer + place.firstEntry * 4;
      const bits = this.#entryBits(place.firstEntry);
      return this.#select(place, pointer, bits, place.segment.index.entries, wanted, minimum);
    });
  }

  /** The best documents of each segment by their best entry, and so which entry that is. */
  bestDocuments(name: ScoreName, wanted: number, minimum: number): (Selected & { entry: number })[] {
    const scores = this.#scores(name);
    return this.passing.flatMap((place) => {
      const { index } = place.segment;
      const { documentEntries } = index.pointers;
      const bits = this.#documentBits(place.firstDocument);
      const entryScores = scores.pointer + place.firstEntry * 4;
      if (documentEntries === 0) {
        const selected = this.#select(place, entryScores, bits, index.documents, wanted, minimum);
        return selected.map((item) => ({ ...item, entry: item.number }));
      }
      const documentScores = this.#space.section("documentScores", index.documents * 4);
      const bestEntries = this.#space.section("bestEntries", index.documents * 4);
      this.#memory.kernel.scoreDocuments(
        bits,
        index.documents,
        documentEntries,
        entryScores,
        documentScores.pointer,
        bestEntries.pointer,
      );
      const selected = this.#select(place, documentScores.pointer, bits, index.documents, wanted, minimum);
      const entries = this.#memory.uint32(bestEntries);
      return selected.map((item) => ({ ...item, entry: entries[item.number]! }));
    });
  }

  #pass(place: SegmentPlace, filter: ((index: IndexView) => Uint8Array) | undefined): PassingSegment {
    const { segment, firstDocument, firstEntry } = place;
    const { index } = segment;
    const { kernel } = this.#memory;
    const passing = filter?.(index.view);
    const bits = segment.alive.slice();
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
