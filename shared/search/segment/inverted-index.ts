/** Which entries have a term: collected while a segment is written, entry after entry. */
import { forEachTerm } from "../text/terms.ts";
import { compareCodePoints } from "./code-point-order.ts";
import { postingBytes, writePosting } from "./postings.ts";
import { encodeStrings, type StringTable } from "./string-table.ts";

/** The tensors of the terms. */
export interface TermTensors {
  readonly terms: StringTable;
  /** In how many entries a term is. */
  readonly termEntries: Uint32Array;
  readonly postingOffsets: Uint32Array;
  readonly postings: Uint8Array;
}

export class InvertedIndex {
  /** Numbers of the terms, in the order in which they came. */
  readonly #numbers = new Map<string, number>();
  /** By term: the posting that it got last. */
  readonly #lastPosting = new GrowingNumbers();
  /** By posting, in order of the entries: its term, and how often the entry has it. */
  readonly #postingTerm = new GrowingNumbers();
  readonly #postingFrequency = new GrowingNumbers();
  /** First posting of each entry. */
  readonly #entryPostings = new GrowingNumbers();

  /** Adds the next entry. @returns how many words it has */
  add(text: string): number {
    const first = this.#postingTerm.length;
    this.#entryPostings.push(first);
    let words = 0;
    forEachTerm(text, (term) => {
      words++;
      this.#count(term, first);
    });
    return words;
  }

  finish(): TermTensors {
    const sorted = [...this.#numbers.keys()].sort(compareCodePoints);
    const count = sorted.length;
    const rank = new Uint32Array(count);
    sorted.forEach((term, i) => {
      rank[this.#numbers.get(term)!] = i;
    });

    const termEntries = new Uint32Array(count);
    const lastEntry = new Uint32Array(count);
    const postingOffsets = new Uint32Array(count + 1);
    this.#forEachPosting(rank, (term, entry, frequency) => {
      postingOffsets[term + 1]! += postingBytes(entry - lastEntry[term]!, frequency);
      lastEntry[term] = entry;
      termEntries[term]!++;
    });
    for (let term = 0; term < count; term++) postingOffsets[term + 1]! += postingOffsets[term]!;

    lastEntry.fill(0);
    const position = postingOffsets.slice(0, count);
    const postings = new Uint8Array(postingOffsets[count]!);
    this.#forEachPosting(rank, (term, entry, frequency) => {
      position[term] = writePosting(postings, position[term]!, entry - lastEntry[term]!, frequency);
      lastEntry[term] = entry;
    });
    return { terms: encodeStrings(sorted), termEntries, postingOffsets, postings };
  }

  #count(term: string, firstPosting: number): void {
    let number = this.#numbers.get(term);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(term, number);
    } else {
      const last = this.#lastPosting.at(number);
      if (last >= firstPosting) {
        this.#postingFrequency.set(last, this.#postingFrequency.at(last) + 1);
        return;
      }
    }
    this.#lastPosting.set(number, this.#postingTerm.length);
    this.#postingTerm.push(number);
    this.#postingFrequency.push(1);
  }

  #forEachPosting(rank: Uint32Array, visit: (term: number, entry: number, frequency: number) => void): void {
    const entries = this.#entryPostings.length;
    for (let entry = 0; entry < entries; entry++) {
      const end = entry + 1 < entries ? this.#entryPostings.at(entry + 1) : this.#postingTerm.length;
      for (let i = this.#entryPostings.at(entry); i < end; i++) {
        visit(rank[this.#postingTerm.at(i)]!, entry, this.#postingFrequency.at(i));
      }
    }
  }
}

/** Numbers of 32 bits, a third of the memory of an array's: there are millions. */
class GrowingNumbers {
  #values = new Uint32Array(1024);
  length = 0;

  at(index: number): number {
    return this.#values[index]!;
  }

  /** Of an element that is there, or of the next one. */
  set(index: number, value: number): void {
    if (index >= this.length) this.push(value);
    else this.#values[index] = value;
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }
}
