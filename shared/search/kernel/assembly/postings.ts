/**
 * Postings: for each entry that has a term, ascending, a varint (LEB128) of
 * `(entry - previous entry) << 1 | once`, and if `once` is 0, a varint of how often.
 */
import { wordOf } from "./bitmap";

/** Where reading goes on. */
let at: usize = 0;

@inline
function readVarint(): u32 {
  let byte = <u32>load<u8>(at++);
  let value = byte & 127;
  for (let shift: u32 = 7; byte >= 128 && shift < 35; shift += 7) {
    byte = <u32>load<u8>(at++);
    value |= (byte & 127) << shift;
  }
  return value;
}

/**
 * Adds what a term is worth to the scores of the entries that have it.
 *
 * Source: Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond": weight x
 * frequency / (frequency + base + slope x words).
 *
 * @param words u32 x entries
 * @param scores f32 x entries
 */
export function scorePostings(
  pointer: usize,
  end: usize,
  words: usize,
  weight: f32,
  base: f32,
  slope: f32,
  scores: usize,
): void {
  let entry: usize = 0;
  at = pointer;
  while (at < end) {
    const head = readVarint();
    const frequency: f32 = head & 1 ? 1 : <f32>readVarint();
    entry += head >> 1;
    const score = scores + (entry << 2);
    const norm = base + slope * <f32>load<u32>(words + (entry << 2));
    store<f32>(score, load<f32>(score) + (weight * frequency) / (frequency + norm));
  }
}

/** How many of a term's entries are in a bitmap. */
export function countPostings(pointer: usize, end: usize, bitmap: usize): u32 {
  let entry: u32 = 0;
  let count: u32 = 0;
  at = pointer;
  while (at < end) {
    const head = readVarint();
    if (!(head & 1)) readVarint();
    entry += head >> 1;
    count += <u32>(wordOf(bitmap, entry) >> (entry & 63)) & 1;
  }
  return count;
}

/** How often an entry has the term: 0 if it does not. */
export function frequencyOf(pointer: usize, end: usize, wanted: u32): u32 {
  let entry: u32 = 0;
  at = pointer;
  while (at < end) {
    const head = readVarint();
    const frequency = head & 1 ? 1 : readVarint();
    entry += head >> 1;
    if (entry >= wanted) return entry == wanted ? frequency : 0;
  }
  return 0;
}

/**
 * Whether postings are what they should be: every term's fill their bytes, name entries that there are,
 * ascending, as many as the term says.
 *
 * @param offsets u32 x terms + 1: where each term's begin, ascending
 * @param counts u32 x terms: entries of each
 * @returns number of the first term whose postings are wrong, or -1
 */
export function checkPostings(postings: usize, offsets: usize, counts: usize, terms: u32, entries: u32): i32 {
  at = postings;
  for (let term: u32 = 0; term < terms; term++) {
    const end = postings + <usize>load<u32>(offsets + (<usize>term << 2), 4);
    let entry: u64 = 0;
    let count: u32 = 0;
    while (at < end) {
      const head = readVarint();
      if (!(head & 1) && (at >= end || readVarint() == 0)) return term;
      if (count > 0 && head >> 1 == 0) return term;
      entry += head >> 1;
      if (entry >= entries) return term;
      count++;
    }
    if (at != end || count != load<u32>(counts + (<usize>term << 2))) return term;
  }
  return -1;
}
