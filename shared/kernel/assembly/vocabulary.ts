/**
 * The vocabulary: a hash table from the bytes of a word piece to its id. A bucket of four slots is one
 * vector load; ten bits of the hash in each slot tell nearly all strangers apart before their bytes are read.
 * `shared/tokenizer/vocabulary-table.ts` builds it with `hashPiece`.
 */
import {
  entryContinuationBit,
  entryIdShift,
  maxTokenBytes,
  slotTagBits,
} from "../../tokenizer/table-layout";
import { vocabularyBuckets, vocabularyEntries, vocabularyEntriesBytes, vocabularySlots } from "./tables";

export const notFound: u32 = 0xffff_ffff;

const seed: u64 = 0x9e37_79b9_7f4a_7c15;
const continuationSeed: u64 = 0xd6e8_feb8_6659_fd93;
const firstMultiplier: u64 = 0xbf58_476d_1ce4_e5b9;
const secondMultiplier: u64 = 0x94d0_49bb_1331_11eb;

/** 16 bytes of ones, then 16 of zeros: 16 bytes from `16 - n` on keep the first n of two 64-bit loads. */
const ones: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** The mask that keeps the first `length` bytes, 0 to 16. */
@inline
function maskOf(length: u32): usize {
  return ones + 16 - length;
}

/** Folds 16 bytes into a running hash. */
@inline
function fold(hash: u64, low: u64, high: u64): u64 {
  const mixed = (low ^ hash) * firstMultiplier + (high ^ rotl(hash, 32)) * secondMultiplier;
  return mixed ^ (mixed >> 32);
}

@inline
function sameBytes(left: usize, right: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(left + i) != load<u8>(right + i)) return false;
  }
  return true;
}

/** Where a search for a hash begins. */
@inline
function firstBucket(hash: u64): u32 {
  return <u32>(((hash >> 32) * <u64>vocabularyBuckets) >> 32);
}

// A probe is what is known of a piece before it is looked for: its first or only 16 bytes and its hash.
const probeLow = 0;
const probeHigh = 8;
const probeHash = 16;
export const probeBytes = 24;

/** Prepares the search for a word of at most 16 bytes; the value it returns has its bucket on the way to the cache. */
@inline
export function prepareProbe(probe: usize, word: usize, length: u32): u32 {
  const mask = maskOf(length);
  const low = load<u64>(word) & load<u64>(mask);
  const high = load<u64>(word, 8) & load<u64>(mask, 8);
  const hash = fold(seed, low, high) * firstMultiplier;
  store<u64>(probe, low, probeLow);
  store<u64>(probe, high, probeHigh);
  store<u64>(probe, hash, probeHash);
  return load<u32>(vocabularySlots + (firstBucket(hash) << 4));
}

/** The id of the word of at most 16 bytes that a probe was prepared for, or notFound. */
@inline
export function lookUpProbe(probe: usize, word: usize, length: u32): u32 {
  return search(
    word,
    length,
    length,
    load<u64>(probe, probeLow),
    load<u64>(probe, probeHigh),
    load<u64>(probe, probeHash),
    length,
  );
}

/** The hash of the piece of `length` bytes at `piece`: what the vocabulary's compiler places it by. */
export function hashPiece(piece: usize, length: u32, continuation: bool): u64 {
  let hash = continuation ? continuationSeed : seed;
  let at = piece;
  let left = length;
  for (; left > 16; left -= 16) {
    hash = fold(hash, load<u64>(at), load<u64>(at, 8));
    at += 16;
  }
  const mask = maskOf(left);
  return fold(hash, load<u64>(at) & load<u64>(mask), load<u64>(at, 8) & load<u64>(mask, 8)) * firstMultiplier;
}

/** The id of the piece of `length` bytes at `piece`, or notFound. */
export function lookUp(piece: usize, length: u32, continuation: bool): u32 {
  if (length > <u32>maxTokenBytes) return notFound;
  const tailLength = length > 16 ? ((length - 1) & 15) + 1 : length;
  const tail = piece + length - tailLength;
  const mask = maskOf(tailLength);
  return search(
    piece,
    length,
    tailLength,
    load<u64>(tail) & load<u64>(mask),
    load<u64>(tail, 8) & load<u64>(mask, 8),
    hashPiece(piece, length, continuation),
    length | (continuation ? entryContinuationBit : 0),
  );
}

/**
 * Searches the table.
 *
 * @param tailLength bytes of the last 16 or fewer, which are in `low` and `high`
 * @param key what the entry's header must say beside the id
 */
@inline
function search(
  piece: usize,
  length: u32,
  tailLength: u32,
  low: u64,
  high: u64,
  hash: u64,
  key: u32,
): u32 {
  const mask = maskOf(tailLength);
  const tag = <u32>(hash >> 20) & ((1 << slotTagBits) - 1);
  const tags = i32x4.splat(tag);
  let bucket = firstBucket(hash);
  for (let probes = vocabularyBuckets; probes > 0; probes--) {
    const pointer = vocabularySlots + (bucket << 4);
    const slots = v128.load(pointer);
    let candidates = i32x4.bitmask(i32x4.eq(v128.and(slots, i32x4.splat((1 << slotTagBits) - 1)), tags));
    while (candidates) {
      const slot = load<u32>(pointer + (ctz(candidates) << 2));
      candidates &= candidates - 1;
      const offset = (slot >> slotTagBits) << 2;
      if (offset >= vocabularyEntriesBytes) unreachable();
      const entry = vocabularyEntries + offset;
      const header = load<u32>(entry);
      if ((header & (entryContinuationBit | maxTokenBytes)) != key) continue;
      const bytes = entry + 4 + length - tailLength;
      const lowBytes = load<u64>(bytes) & load<u64>(mask);
      const highBytes = load<u64>(bytes, 8) & load<u64>(mask, 8);
      if ((lowBytes ^ low) | (highBytes ^ high)) continue;
      if (length > 16 && !sameBytes(entry + 4, piece, length - tailLength)) continue;
      return header >> entryIdShift;
    }
    if (v128.any_true(i32x4.eq(slots, i32x4.splat(0)))) return notFound;
    bucket = bucket + 1 == vocabularyBuckets ? 0 : bucket + 1;
  }
  return notFound;
}
