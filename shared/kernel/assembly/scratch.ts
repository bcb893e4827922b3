/**
 * Working space at the end of memory, after the model. It grows with the longest text seen and
 * is otherwise reused, so that an encode allocates nothing.
 */
import { tokenizerUnigram } from "../model-descriptor";
import { dimensions, maxExpansion, scratchBase, tokenizer } from "./tables";

/** Tokens pooled at a time: 64 rows of 256 bytes fill half of a first-level cache. */
export const poolChunkTokens: u32 = 64;
/** Bytes that loops may read or write past the end of a region, a vector or two at a time. */
export const slack: u32 = 64;
/** A code point's UTF-8 grows at most threefold when BERT decomposes, lowercases or spaces it. */
const bertExpansion: u32 = 3;

const pageBytes: u32 = 65536;

/** f32 x dimensions: the vector that an encode leaves. */
export let output: usize = 0;
/** f32 x dimensions: sums so far. */
export let accumulator: usize = 0;
/** u32 x poolChunkTokens: where each pooled row begins. */
export let rowPointers: usize = 0;
/** i16 x poolChunkTokens: fixed-point weight of each pooled row. */
export let rowWeights: usize = 0;
/** The text in UTF-8. */
export let input: usize = 0;
export let inputCapacity: u32 = 0;
/** The normalized text. */
export let normalized: usize = 0;
export let normalizedCapacity: u32 = 0;
/** A bit per normalized byte: a word or punctuation mark begins here. */
export let starts: usize = 0;
/** A bit per normalized byte: what came before has ended here (a start or a space). */
export let boundaries: usize = 0;
/** u32 x idsCapacity: token ids, and behind them Unigram's back pointers, one per normalized byte. */
export let ids: usize = 0;
export let idsCapacity: u32 = 0;

@inline
function align64(pointer: usize): usize {
  return (pointer + 63) & ~63;
}

/** Lays out the regions for texts of up to `bytes`, growing memory where needed. False if memory ran out. */
export function reserve(bytes: u32): bool {
  const vectorBytes = align64(dimensions * 4 + slack);
  output = align64(scratchBase);
  accumulator = output + vectorBytes;
  rowPointers = accumulator + vectorBytes;
  rowWeights = rowPointers + poolChunkTokens * 4;
  input = align64(rowWeights + poolChunkTokens * 2 + slack);
  const isUnigram = tokenizer == <u32>tokenizerUnigram;
  const expansion = isUnigram ? maxExpansion : bertExpansion;
  // Scratch must stay within 32-bit addresses: for a byte of text itself, its ids, and what it expands to.
  if (<u64>bytes * (6 * expansion + 2) > 0xa000_0000) return false;
  inputCapacity = bytes;
  normalized = align64(input + bytes + slack);
  // A byte more for the space in front.
  normalizedCapacity = bytes * expansion + 1;
  const bitmapBytes: usize = isUnigram ? 0 : align64((normalizedCapacity >> 3) + slack);
  starts = align64(normalized + normalizedCapacity + slack);
  boundaries = starts + bitmapBytes;
  ids = boundaries + bitmapBytes;
  // A token takes at least one character. BERT makes no more of it than it has bytes; with Unigram, every byte
  // of normalized text can become a token.
  idsCapacity = isUnigram ? normalizedCapacity + 1 : bytes;
  const end: u64 = <u64>ids + <u64>idsCapacity * 4 + slack;
  const neededPages = <u32>((end + pageBytes - 1) / pageBytes);
  const pages = <u32>memory.size();
  return neededPages <= pages || memory.grow(<i32>(neededPages - pages)) >= 0;
}
