/** One query over all segments, step by step: which entries pass, their scores, and the best of them. */
import type { SectionMemory } from "../kernel/section-memory.ts";
import type { ScoreRange } from "../ranking/min-max-fusion.ts";
import type { IndexView } from "../segment/index-part-reader.ts";
import { bestDocuments, bestEntries, type Selected, type SelectedDocument } from "./best-scores.ts";
import type { KeywordQuery } from "./keyword-query.ts";
import { wordBytes } from "./resident-segment.ts";
import { type PassingSegment, ScanSpace, type ScoreName } from "./scan-space.ts";
import { VectorScan } from "./vector-scan.ts";
import type { SegmentPlace, SpaceSizes, WorkingSpace } from "./working-space.ts";

export class QueryScan {
  readonly passing: readonly PassingSegment[];
  /** Cosines, once `vectors.score` has been called. */
  readonly vectors: VectorScan;
  readonly #space: ScanSpace;

  /** Finds what is alive and passes the filter. */
  constructor(
    memory: SectionMemory,
    space: WorkingSpace,
    { places, sizes }: { places: readonly SegmentPlace[]; sizes: SpaceSizes },
    filter: ((index: IndexView) => Uint8Array) | undefined,
  ) {
    this.#space = new ScanSpace(memory, space, sizes);
    this.passing = places.map((place) => this.#pass(place, filter)).filter(({ documents }) => documents > 0);
    this.vectors = new VectorScan(this.#space, this.passing);
  }

  /** Scores the words of all entries. */
  scoreKeywords({ weights, base, slope }: KeywordQuery): void {
    const { kernel, memory } = this.#space;
    const section = this.#space.scores("keywordScores");
    for (const place of this.passing) {
      const { firstEntry, segment } = place;
      const { index } = segment;
      memory.float32(section).fill(0, firstEntry, firstEntry + index.entries);
      const scores = this.#space.scoresOf("keywordScores", place);
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
    const { kernel } = this.#space;
    kernel.beginRange();
    for (const place of this.passing) {
      const bits = this.#space.entryBits(place);
      kernel.extendRange(this.#space.scoresOf(name, place), bits, place.segment.index.entries);
    }
    return { least: kernel.leastScore(), most: kernel.mostScore() };
  }

  /** Fused = cosineFactor * (cosine - cosineLeast) + keywordFactor * (BM25 - keywordLeast). */
  fuse(cosineFactor: number, cosineLeast: number, keywordFactor: number, keywordLeast: number): void {
    for (const place of this.passing) {
      this.#space.kernel.fuseScores(
        this.#space.scoresOf("cosines", place),
        this.#space.scoresOf("keywordScores", place),
        place.segment.index.entries,
        ...([cosineFactor, cosineLeast, keywordFactor, keywordLeast] as const),
        this.#space.scoresOf("fusedScores", place),
      );
    }
  }

  score(name: ScoreName, place: SegmentPlace, entry: number): number {
    return this.#space.score(name, place, entry);
  }

  /** The best entries, as many as are wanted and some more; of equal ones in a segment those of the lower numbers. */
  bestEntries(name: ScoreName, wanted: number, minimum: number): Selected[] {
    return bestEntries(this.#space, this.passing, name, { wanted, minimum });
  }

  /** The best documents by their best entry, as many as are wanted and some more. */
  bestDocuments(name: ScoreName, wanted: number, minimum: number): SelectedDocument[] {
    return bestDocuments(this.#space, this.passing, name, { wanted, minimum });
  }

  #pass(place: SegmentPlace, filter: ((index: IndexView) => Uint8Array) | undefined): PassingSegment {
    const { index, alive } = place.segment;
    const { kernel } = this.#space;
    const documentBits = this.#space.documentBits(place);
    const entryBits = this.#space.entryBits(place);
    const bits = new Uint8Array(kernel.memory.buffer, documentBits, alive.length);
    bits.set(alive);
    const passing = filter?.(index.view);
    if (passing !== undefined) {
      for (let i = 0; i < bits.length; i++) bits[i]! &= passing[i] ?? 0;
    }
    const { documentEntries } = index.pointers;
    if (documentEntries === 0) {
      new Uint8Array(kernel.memory.buffer, entryBits, bits.length).set(bits);
    } else {
      new Uint8Array(kernel.memory.buffer, entryBits, wordBytes(index.entries)).fill(0);
      kernel.spreadBits(documentBits, index.documents, documentEntries, entryBits);
    }
    return {
      ...place,
      documents: kernel.countBits(documentBits, index.documents),
      entries: kernel.countBits(entryBits, index.entries),
    };
  }
}
