/** The best entries or documents of all segments by one of their scores. */
import type { PassingSegment, ScanSpace, ScoreName } from "./scan-space.ts";

/** Bytes of an item that the kernel selects: f32 score, u32 number. */
const topItemBytes = 8;

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

/** Addresses of scores, f32 x count, and of the bitmap of those that pass. */
interface ScoreList {
  readonly scores: number;
  readonly bits: number;
  readonly count: number;
}

/** The best entries, and some more; of equal ones in a segment those of the lower numbers. */
export function bestEntries(
  space: ScanSpace,
  passing: readonly PassingSegment[],
  name: ScoreName,
  { wanted, minimum }: { readonly wanted: number; readonly minimum: number },
): Selected[] {
  const selection = new Selection(space, wanted, minimum);
  return passing.flatMap((place) => {
    const scores = space.scoresOf(name, place);
    return selection
      .add({ scores, bits: space.entryBits(place), count: place.segment.index.entries })
      .map((item) => ({ place, ...item }));
  });
}

/** The best documents by their best entry, and some more. */
export function bestDocuments(
  space: ScanSpace,
  passing: readonly PassingSegment[],
  name: ScoreName,
  { wanted, minimum }: { readonly wanted: number; readonly minimum: number },
): SelectedDocument[] {
  const selection = new Selection(space, wanted, minimum);
  return passing.flatMap((place) => {
    const { documents: count, pointers } = place.segment.index;
    const scores = space.scoresOf(name, place);
    const bits = space.documentBits(place);
    const { documentEntries } = pointers;
    if (documentEntries === 0) {
      return selection.add({ scores, bits, count }).map((item) => ({ place, ...item, entry: item.number }));
    }
    const bytes = space.sizes.mostDocuments * 4;
    const documentScores = space.section("documentScores", bytes).pointer;
    const entries = space.section("bestEntries", bytes);
    space.kernel.scoreDocuments(bits, count, documentEntries, scores, documentScores, entries.pointer);
    const selected = selection.add({ scores: documentScores, bits, count });
    const entryOf = space.memory.uint32(entries);
    return selected.map((item) => ({ place, ...item, entry: entryOf[item.number]! }));
  });
}

/** Segments one after the other: once one has given as many as are wanted, others need no scores below these. */
class Selection {
  readonly #space: ScanSpace;
  readonly #wanted: number;
  #minimum: number;

  constructor(space: ScanSpace, wanted: number, minimum: number) {
    this.#space = space;
    this.#wanted = wanted;
    this.#minimum = minimum;
  }

  /** The best of a segment, in order. */
  add({ scores, bits, count }: ScoreList): { readonly number: number; readonly score: number }[] {
    const most = Math.min(this.#wanted, count);
    const { kernel, memory } = this.#space;
    const top = this.#space.section("top", most * topItemBytes);
    const found = kernel.selectTop(scores, bits, count, most, this.#minimum, top.pointer);
    const scoresFound = memory.float32(top);
    const numbersFound = memory.uint32(top);
    // Equal ones pass still: which of them come first is decided by their ids.
    if (found > 0 && found === this.#wanted) {
      this.#minimum = Math.max(this.#minimum, scoresFound[(found - 1) * 2]!);
    }
    return Array.from({ length: found }, (_, i) => ({
      number: numbersFound[i * 2 + 1]!,
      score: scoresFound[i * 2]!,
    }));
  }
}
