/** Where one query keeps what it works out about each segment: bitmaps of what passes, scores, and room for its rows. */

import type { SearchKernel } from "../kernel/search-kernel.ts";
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import type { SegmentPlace, SpaceName, SpaceSizes, WorkingSpace } from "./working-space.ts";

/** Scores of all entries, one of three. */
export type ScoreName = "cosines" | "keywordScores" | "fusedScores";

/** A segment of which something passes. */
export interface PassingSegment extends SegmentPlace {
  readonly documents: number;
  readonly entries: number;
}

/** Addresses; the list has room for as many rows as any segment has, and three more. */
export interface VectorAddresses {
  /** 0 where every entry has one row. */
  readonly entryRows: number;
  readonly list: number;
  readonly rowScores: number;
  /** 0 likewise. */
  readonly jointInverses: number;
  readonly cosines: number;
}

export class ScanSpace {
  readonly memory: SectionMemory;
  readonly sizes: SpaceSizes;
  readonly #space: WorkingSpace;

  constructor(memory: SectionMemory, space: WorkingSpace, sizes: SpaceSizes) {
    this.memory = memory;
    this.sizes = sizes;
    this.#space = space;
  }

  get kernel(): SearchKernel {
    return this.memory.kernel;
  }

  /** A section of at least so many bytes, until the same is asked for with more. */
  section(name: SpaceName, bytes: number): Section {
    return this.#space.section(name, bytes);
  }

  documentBits({ firstDocument }: SegmentPlace): number {
    return this.section("documentBits", this.sizes.documents / 8).pointer + firstDocument / 8;
  }

  entryBits({ firstEntry }: SegmentPlace): number {
    return this.section("entryBits", this.sizes.entries / 8).pointer + firstEntry / 8;
  }

  /** A bitmap for entries of one segment at a time. */
  marked(): Section {
    return this.section("marked", this.sizes.entries / 8);
  }

  scores(name: ScoreName): Section {
    return this.section(name, this.sizes.entries * 4);
  }

  scoresOf(name: ScoreName, { firstEntry }: SegmentPlace): number {
    return this.scores(name).pointer + firstEntry * 4;
  }

  score(name: ScoreName, { firstEntry }: SegmentPlace, entry: number): number {
    return this.memory.float32(this.scores(name))[firstEntry + entry]!;
  }

  /** Where a segment's vectors are scored: in place where every entry has one row. */
  vectors(place: SegmentPlace): VectorAddresses {
    const { mostRows } = this.sizes;
    const { entryRows } = place.segment.index.pointers;
    const cosines = this.scoresOf("cosines", place);
    const list = this.section("list", (mostRows + 3) * 4).pointer;
    const rowScores = entryRows === 0 ? cosines : this.section("rowScores", mostRows * 4).pointer;
    const { jointInverses } = place.segment.vectors;
    return { entryRows, list, rowScores, jointInverses, cosines };
  }
}
