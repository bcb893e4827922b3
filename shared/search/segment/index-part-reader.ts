/** Looks into an index part where it is: typed arrays by name, ids and terms by binary search, postings on demand. */
import type { FieldType } from "../collection/collection-settings.ts";
import { type Column, type Field, parseFields, readColumn } from "./column.ts";
import { checkOffsets } from "./offsets.ts";
import { PartFile } from "./part-file.ts";
import { type Postings, readPostings } from "./postings.ts";
import { findString, firstOutOfOrder, readStrings, type StringTable, stringAt } from "./string-table.ts";

/**
 * Views an index part without copying it. Every offset is checked, so no view can be left by following them;
 * postings are checked when they are read. Costs about a nanosecond for each document, entry and term.
 *
 * @throws NearvecError artifact_invalid if it is no index part, artifact_corrupt if it contradicts itself
 */
export function readIndexPart(bytes: Uint8Array): IndexView {
  return new IndexView(bytes);
}

export class IndexView {
  /** Where the tensors are: for those who keep the bytes in another memory. */
  readonly part: PartFile;
  readonly documents: number;
  readonly entries: number;
  readonly rows: number;
  readonly terms: number;
  /** Words of all entries together. */
  readonly words: number;
  /** First entry of each document; one more element, the number of entries. */
  readonly documentEntries: Uint32Array;
  /** First row of each entry; one more element, the number of rows. */
  readonly entryRows: Uint32Array;
  /** entries x 2: where each begins and ends in its document's text, UTF-16 units. */
  readonly entryRanges: Uint32Array;
  readonly entryWords: Uint32Array;
  readonly idTable: StringTable;
  readonly termTable: StringTable;
  /** In how many entries a term is. */
  readonly termEntries: Uint32Array;
  /** First byte of each term's postings; one more element, the number of bytes. */
  readonly postingOffsets: Uint32Array;
  readonly postings: Uint8Array;
  readonly fields: readonly Field[];
  /** By the name of the field. */
  readonly columns: ReadonlyMap<string, Column>;

  constructor(bytes: Uint8Array) {
    const part = new PartFile("index", bytes);
    this.part = part;
    this.documents = part.count("documents");
    this.entries = part.count("entries");
    this.rows = part.count("rows");
    this.terms = part.count("terms");
    this.words = part.count("words");

    this.documentEntries = readFirsts(part, "document_entries", this.documents, this.entries);
    this.entryRows = readFirsts(part, "entry_rows", this.entries, this.rows);
    this.entryRanges = part.tensor("entry_ranges", "U32", this.entries * 2);
    this.entryWords = part.tensor("entry_words", "U32", this.entries);
    this.#checkEntries();

    this.idTable = readStrings(part, "id", this.documents);
    this.termTable = readStrings(part, "term", this.terms);
    this.postings = part.tensor("postings", "U8");
    this.postingOffsets = part.tensor("posting_offsets", "U32", this.terms + 1);
    checkOffsets(part, "posting_offsets", this.postingOffsets, this.postings.length, 1);
    this.termEntries = part.tensor("term_entries", "U32", this.terms);
    this.#checkTerms();

    this.fields = parseFields(part);
    this.columns = new Map(
      this.fields.map(([name, type], i) => [name, readColumn(part, i, type, this.documents)]),
    );
  }

  /** @param document from 0 to the number of documents less 1 */
  idOf(document: number): string {
    return stringAt(this.idTable, document);
  }

  /** The ordinal of a document; -1 if it is not in this segment. */
  findDocument(id: string): number {
    return findString(this.idTable, id);
  }

  /** @param term from 0 to the number of terms less 1 */
  termOf(term: number): string {
    return stringAt(this.termTable, term);
  }

  /** The number of a term; -1 if no entry has it. */
  findTerm(term: string): number {
    return findString(this.termTable, term);
  }

  /** @throws NearvecError artifact_corrupt */
  postingsOf(term: number): Postings {
    const bytes = this.postings.subarray(this.postingOffsets[term], this.postingOffsets[term + 1]);
    return readPostings(this.part, bytes, this.termEntries[term]!, this.entries);
  }

  /** The document that an entry belongs to. */
  documentOf(entry: number): number {
    let low = 0;
    let high = this.documents;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.documentEntries[middle]! <= entry) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The declared fields with their types, as settings have them. */
  get declared(): Readonly<Record<string, FieldType>> {
    return Object.fromEntries(this.fields);
  }

  /**
   * Checks what queries rely on but cannot be hurt by: order of ids, terms and values, and every posting.
   * For parts that somebody else has written.
   *
   * @throws NearvecError artifact_corrupt
   */
  verify(): void {
    this.#verifyOrder("ids", this.idTable);
    this.#verifyOrder("terms", this.termTable);
    for (let term = 0; term < this.terms; term++) this.postingsOf(term);
    for (const [name, column] of this.columns) {
      if ("values" in column) this.#verifyOrder(`values of field ${name}`, column.values);
    }
  }

  #verifyOrder(what: string, table: StringTable): void {
    const at = firstOutOfOrder(table);
    if (at >= 0) throw this.part.corrupt(`${what} in ascending order`, `number ${at} out of it`);
  }

  #checkEntries(): void {
    let words = 0;
    for (let entry = 0; entry < this.entries; entry++) {
      words += this.entryWords[entry]!;
      if (this.entryRanges[entry * 2]! > this.entryRanges[entry * 2 + 1]!) {
        throw this.part.corrupt(
          `entry ${entry} in tensor entry_ranges to end after it begins`,
          "the reverse",
        );
      }
    }
    if (words !== this.words)
      throw this.part.corrupt(`${this.words} words in tensor entry_words`, `${words}`);
  }

  #checkTerms(): void {
    for (let term = 0; term < this.terms; term++) {
      const bytes = this.postingOffsets[term + 1]! - this.postingOffsets[term]!;
      const entries = this.termEntries[term]!;
      if (entries < 1 || entries > bytes || entries > this.entries) {
        throw this.part.corrupt(
          `1 to ${Math.min(bytes, this.entries)} entries of term ${term} in tensor term_entries`,
          `${entries}`,
        );
      }
    }
  }
}

/** 0, 1, 2… as far as any part needed them: where one thing has one other, that is where each begins. */
let ascending = new Uint32Array();

/** Where each thing's others begin. A part that has as many of both says nothing of it. */
function readFirsts(part: PartFile, name: string, things: number, others: number): Uint32Array {
  if (things !== others) {
    const firsts = part.tensor(name, "U32", things + 1);
    checkOffsets(part, name, firsts, others, 1);
    return firsts;
  }
  if (ascending.length <= things) ascending = Uint32Array.from({ length: things + 1 }, (_, i) => i);
  return ascending.subarray(0, things + 1);
}
