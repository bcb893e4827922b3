/** The index part of a segment, in the kernel's memory as it was written. */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import { type IndexView, readIndexPart } from "../segment/index-part-reader.ts";

/** Terms whose places are remembered: a query looks for each of its own twice, for its rarity and for its postings. */
const rememberedTerms = 256;

/** Where the kernel finds what it needs of the part; asked for again whenever memory may have moved. */
export interface IndexPointers {
  /** 0 where every document has one entry. */
  readonly documentEntries: number;
  /** 0 where every entry has one row. */
  readonly entryRows: number;
  readonly entryWords: number;
  readonly postings: number;
}

export class ResidentIndexPart {
  readonly documents: number;
  readonly entries: number;
  readonly rows: number;
  readonly #memory: SectionMemory;
  readonly #section: Section;
  readonly #offsets: IndexPointers;
  /** Numbers of terms that were looked for lately, -1 for those that are not there. */
  readonly #termNumbers = new Map<string, number>();
  #view: IndexView;

  /**
   * Takes a part over and checks that its tables are what the kernel relies on.
   *
   * @throws NearvecError artifact_invalid, artifact_corrupt
   */
  constructor(memory: SectionMemory, bytes: Uint8Array) {
    // Looked at where it is, so that a part that is refused leaves nothing behind.
    const { part, documents, entries, rows } = readIndexPart(bytes);
    this.documents = documents;
    this.entries = entries;
    this.rows = rows;
    this.#memory = memory;
    this.#section = memory.allocate(bytes.length);
    memory.bytes(this.#section).set(bytes);
    this.#offsets = {
      documentEntries: documents === entries ? 0 : part.byteOffset("document_entries"),
      entryRows: entries === rows ? 0 : part.byteOffset("entry_rows"),
      entryWords: part.byteOffset("entry_words"),
      postings: part.byteOffset("postings"),
    };
    this.#view = readIndexPart(memory.bytes(this.#section));
    try {
      this.#checkPostings();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Views of its tables, which hold until memory grows the next time. */
  get view(): IndexView {
    const bytes = this.#memory.bytes(this.#section);
    if (this.#view.part.bytes.buffer !== bytes.buffer) this.#view = readIndexPart(bytes);
    return this.#view;
  }

  get pointers(): IndexPointers {
    const { pointer } = this.#section;
    const { documentEntries, entryRows, entryWords, postings } = this.#offsets;
    return {
      documentEntries: documentEntries && pointer + documentEntries,
      entryRows: entryRows && pointer + entryRows,
      entryWords: pointer + entryWords,
      postings: pointer + postings,
    };
  }

  /** Where the postings of a term begin and end in memory; null if no entry has it. */
  postingsOf(term: string): { begin: number; end: number } | null {
    const number = this.#numberOf(term);
    if (number < 0) return null;
    const { postingOffsets } = this.view;
    const postings = this.#section.pointer + this.#offsets.postings;
    return { begin: postings + postingOffsets[number]!, end: postings + postingOffsets[number + 1]! };
  }

  release(): void {
    this.#memory.release(this.#section);
  }

  #numberOf(term: string): number {
    let number = this.#termNumbers.get(term);
    if (number === undefined) {
      number = this.view.findTerm(term);
      if (this.#termNumbers.size >= rememberedTerms) this.#termNumbers.clear();
      this.#termNumbers.set(term, number);
    }
    return number;
  }

  #checkPostings(): void {
    const { part, terms, entries } = this.#view;
    const { pointer } = this.#section;
    const wrong = this.#memory.kernel.checkPostings(
      pointer + this.#offsets.postings,
      pointer + part.byteOffset("posting_offsets"),
      pointer + part.byteOffset("term_entries"),
      terms,
      entries,
    );
    if (wrong >= 0) {
      throw part.corrupt(`postings of its ${entries} entries, ascending`, `others for term ${wrong}`);
    }
  }
}
