/** In which entries a term is, and how often: varints of the gaps between them. */
import type { PartFile } from "./part-file.ts";
import { VarintReader, varintBytes, writeVarint } from "./varint.ts";

/** Two lists of one length: entries in ascending order, and how often each has the term. */
export interface Postings {
  readonly entries: Uint32Array;
  readonly frequencies: Uint32Array;
}

/** Bytes of one posting. @param gap entry less the entry before, less 0 for the first */
export function postingBytes(gap: number, frequency: number): number {
  return varintBytes(gap * 2) + (frequency === 1 ? 0 : varintBytes(frequency));
}

/** @returns the position after it */
export function writePosting(target: Uint8Array, at: number, gap: number, frequency: number): number {
  const position = writeVarint(target, at, gap * 2 + Number(frequency === 1));
  return frequency === 1 ? position : writeVarint(target, position, frequency);
}

/**
 * Reads the postings of a term.
 *
 * @param bytes of this term only
 * @param count in how many entries it is
 * @param entries entries of the segment
 * @throws NearvecError artifact_corrupt
 */
export function readPostings(part: PartFile, bytes: Uint8Array, count: number, entries: number): Postings {
  // Each needs a byte at least: what says otherwise must not make us take memory for it.
  if (count > bytes.length)
    throw part.corrupt(`${count} postings in tensor postings`, `${bytes.length} bytes`);
  const postings = { entries: new Uint32Array(count), frequencies: new Uint32Array(count) };
  const reader = new VarintReader(bytes);
  let entry = 0;
  for (let i = 0; i < count; i++) {
    const value = reader.next();
    const frequency = value % 2 === 1 ? 1 : reader.next();
    const gap = Math.floor(value / 2);
    entry += gap;
    if (value < 0 || frequency < 1 || entry >= entries || (gap === 0 && i > 0)) {
      throw part.corrupt(
        `posting ${i} of a term in tensor postings to be of a later one of ${entries} entries`,
        `entry ${entry}, frequency ${frequency}`,
      );
    }
    postings.entries[i] = entry;
    postings.frequencies[i] = frequency;
  }
  if (!reader.done) throw part.corrupt(`${count} postings of a term in tensor postings`, "more");
  return postings;
}
