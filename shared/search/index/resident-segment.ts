/** A segment in memory: its index part, its rows, and which of its documents are alive. */
import type { SegmentReference } from "../collection/manifest.ts";
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import { ResidentIndexPart } from "./resident-index-part.ts";
import { ResidentRows } from "./resident-rows.ts";

/** Bitmaps are read in words of so many bits. */
export const wordBits = 64;

/** Bytes of a bitmap in whole words. */
export function wordBytes(bits: number): number {
  return Math.ceil(bits / wordBits) * (wordBits / 8);
}

export class ResidentSegment {
  readonly id: string;
  readonly index: ResidentIndexPart;
  readonly rows: ResidentRows;
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
    parts: { readonly index: Uint8Array; readonly rows: readonly Uint8Array[] },
    dimensions: number,
  ) {
    this.id = reference.id;
    this.#memory = memory;
    this.index = new ResidentIndexPart(memory, parts.index);
    try {
      this.#checkCounts(reference);
      this.rows = new ResidentRows(memory, parts.rows, this.index.rows, dimensions);
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

  /** How often an entry has a term. */
  frequencyOf(term: string, entry: number): number {
    const postings = this.index.postingsOf(term);
    return postings === null ? 0 : this.#memory.kernel.frequencyOf(postings.begin, postings.end, entry);
  }

  /** The ordinal of a document that is alive; -1 if it is not here. */
  findDocument(id: string): number {
    const ordinal = this.index.view.findDocument(id);
    return ordinal >= 0 && ((this.#alive[ordinal >> 3]! >> (ordinal & 7)) & 1) === 1 ? ordinal : -1;
  }

  release(): void {
    this.index.release();
    this.rows.release();
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
