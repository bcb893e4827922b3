/** A segment in memory: its index part, its rows, and which of its documents are alive. */
import type { SegmentReference } from "../collection/manifest.ts";
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import { bm25Weight } from "../ranking/bm25.ts";
import type { Whitening } from "../ranking/whitening.ts";
import type { TermScore } from "./index-query.ts";
import type { KeywordQuery } from "./keyword-query.ts";
import { ResidentCodes } from "./resident-codes.ts";
import { ResidentIndexPart } from "./resident-index-part.ts";
import { ResidentRows } from "./resident-rows.ts";

/** Bitmaps are read in words of so many bits. */
export const wordBits = 64;

/** Bytes of a bitmap in whole words. */
export function wordBytes(bits: number): number {
  return Math.ceil(bits / wordBits) * (wordBits / 8);
}

/** The bytes of a segment's parts, as they come out of the store: its rows, or codes in place of them. */
export type SegmentParts = { readonly index: Uint8Array } & (
  | { readonly rows: readonly Uint8Array[] }
  | { readonly rows?: undefined; readonly codes: Uint8Array }
);

export class ResidentSegment {
  readonly id: string;
  readonly index: ResidentIndexPart;
  readonly vectors: ResidentRows | ResidentCodes;
  readonly #memory: SectionMemory;
  /** Bitmap of the entries that are alive. */
  readonly #aliveEntryBits: Section;
  /** In whole words. */
  #alive: Uint8Array;
  #aliveDocuments = 0;
  #aliveEntries = 0;
  #aliveWords = 0;

  /** @throws NearvecError artifact_invalid, artifact_corrupt */
  constructor(
    memory: SectionMemory,
    reference: Pick<SegmentReference, "id" | "documents" | "entries" | "rows" | "words">,
    parts: SegmentParts,
    dimensions: number,
  ) {
    this.id = reference.id;
    this.#memory = memory;
    this.index = new ResidentIndexPart(memory, parts.index);
    try {
      this.#checkCounts(reference);
      const { entries, rows } = this.index;
      this.vectors =
        parts.rows === undefined
          ? new ResidentCodes(memory, parts.codes, { count: rows, dimensions, windowed: rows > entries })
          : new ResidentRows(memory, parts.rows, rows, dimensions);
    } catch (error) {
      this.index.release();
      throw error;
    }
    this.#aliveEntryBits = memory.allocate(wordBytes(this.index.entries));
    this.#alive = new Uint8Array();
    this.setDeleted([]);
  }

  /** Bitmap of the documents that are alive, in whole words. */
  get alive(): Uint8Array {
    return this.#alive;
  }

  get aliveDocuments(): number {
    return this.#aliveDocuments;
  }

  get aliveEntries(): number {
    return this.#aliveEntries;
  }

  /** Words of the entries that are alive. */
  get aliveWords(): number {
    return this.#aliveWords;
  }

  /** Works out what rows are scored with; to be called before any is, and when whitening changes. Codes have theirs. */
  whiten(whitening: Whitening | null): void {
    if (this.vectors.kind === "codes") return;
    this.vectors.whiten(whitening, this.index.entries, this.index.pointers.entryRows);
  }

  /** @param ordinals of all documents that have been deleted or replaced since the segment was written */
  setDeleted(ordinals: Iterable<number>): void {
    const { documents, entries, view } = this.index;
    const alive = new Uint8Array(wordBytes(documents));
    for (let ordinal = 0; ordinal < documents; ordinal++) alive[ordinal >> 3]! |= 1 << (ordinal & 7);
    const { documentEntries, entryWords } = view;
    let [deletedDocuments, deletedEntries, deletedWords] = [0, 0, 0];
    const bits = this.#memory.bytes(this.#aliveEntryBits).fill(0);
    for (let entry = 0; entry < entries; entry++) bits[entry >> 3]! |= 1 << (entry & 7);
    for (const ordinal of ordinals) {
      const bit = 1 << (ordinal & 7);
      if (!(ordinal < documents) || (alive[ordinal >> 3]! & bit) === 0) continue;
      alive[ordinal >> 3]! &= ~bit;
      deletedDocuments++;
      for (let entry = documentEntries[ordinal]!; entry < documentEntries[ordinal + 1]!; entry++) {
        bits[entry >> 3]! &= ~(1 << (entry & 7));
        deletedEntries++;
        deletedWords += entryWords[entry]!;
      }
    }
    this.#alive = alive;
    this.#aliveDocuments = documents - deletedDocuments;
    this.#aliveEntries = entries - deletedEntries;
    this.#aliveWords = view.words - deletedWords;
  }

  /** In how many entries that are alive a term is. */
  containing(term: string): number {
    const postings = this.index.postingsOf(term);
    if (postings === null) return 0;
    return this.#memory.kernel.countPostings(postings.begin, postings.end, this.#aliveEntryBits.pointer);
  }

  /** What each term of a query gives to an entry's BM25. */
  termScores({ weights, base, slope }: KeywordQuery, entry: number): TermScore[] {
    const norm = base + slope * this.index.view.entryWords[entry]!;
    return [...weights].flatMap(([term, weight]) => {
      const postings = this.index.postingsOf(term);
      if (postings === null) return [];
      const frequency = this.#memory.kernel.frequencyOf(postings.begin, postings.end, entry);
      return frequency === 0 ? [] : [{ term, frequency, score: bm25Weight(weight, frequency, norm) }];
    });
  }

  /** The ordinal of a document that is alive; -1 if it is not here. */
  findDocument(id: string): number {
    const ordinal = this.index.view.findDocument(id);
    return ordinal >= 0 && ((this.#alive[ordinal >> 3]! >> (ordinal & 7)) & 1) === 1 ? ordinal : -1;
  }

  release(): void {
    this.index.release();
    this.vectors.release();
    this.#memory.release(this.#aliveEntryBits);
  }

  #checkCounts(reference: Pick<SegmentReference, "documents" | "entries" | "rows" | "words">): void {
    const { view } = this.index;
    for (const what of ["documents", "entries", "rows", "words"] as const) {
      if (view[what] !== reference[what]) {
        throw view.part.corrupt(`${reference[what]} ${what}, as the manifest says,`, `${view[what]}`);
      }
    }
  }
}
