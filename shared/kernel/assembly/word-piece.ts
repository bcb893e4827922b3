/**
 * WordPiece: each word of the normalized text becomes the longest piece of the vocabulary that begins it,
 * then the longest continuation that begins the rest, and so on; a word that cannot be covered is unknown
 * as a whole.
 */
import { boundaries, ids, idsCapacity, normalized, starts } from "./scratch";
import { maxInputCharsPerWord, unkTokenId } from "./tables";
import { countCodePoints, isContinuation } from "./text";
import { lookUp, lookUpProbe, notFound, prepareProbe, probeBytes } from "./vocabulary";

/** Token ids so far, never more than `limit`. */
export let count: u32 = 0;
let limit: u32 = 0;
let keepUnknown: bool = false;

/** Begins an empty list of at most `maxTokens` ids, with the unknown token among them or not. */
export function beginTokens(maxTokens: u32, withUnknown: bool): void {
  count = 0;
  limit = min(maxTokens, idsCapacity);
  keepUnknown = withUnknown;
}

/** Whether the list is full. */
@inline
export function isFull(): bool {
  return count >= limit;
}

/** Appends an id, unless the list is full or the token is the unknown one and is dropped. */
@inline
export function appendToken(id: u32): void {
  if (id == unkTokenId && !keepUnknown) return;
  if (count >= limit) return;
  store<u32>(ids + (<usize>count << 2), id);
  count++;
}

/** The position of the first set bit at or after `from`; there always is one, the sentinel. */
@inline
function nextBit(bitmap: usize, from: u32): u32 {
  let at = from;
  let bits = load<u64>(bitmap + (at >> 3)) >> (at & 7);
  while (bits == 0) {
    at = (at & ~7) + 64;
    bits = load<u64>(bitmap + (at >> 3));
  }
  return at + <u32>ctz(bits);
}

/** Splits a word that is not in the vocabulary as a whole. */
function splitWord(word: usize, length: u32): void {
  if (!isWithinLimit(word, length)) {
    appendToken(unkTokenId);
    return;
  }
  const begin = count;
  let at: u32 = 0;
  while (at < length) {
    let end = at == 0 ? length - 1 : length;
    let id = notFound;
    for (; end > at; end--) {
      if (end < length && isContinuation(load<u8>(word + end))) continue;
      id = lookUp(word + at, end - at, at > 0);
      if (id != notFound) break;
    }
    if (id == notFound) {
      count = begin;
      appendToken(unkTokenId);
      return;
    }
    appendToken(id);
    at = end;
  }
}

/** Words looked up at a time. */
const batchWords = 64;
/** u32 start and u32 length of each word of a batch. */
const spans: usize = memory.data(batchWords * 8, 16);
const probes: usize = memory.data(batchWords * probeBytes, 16);
/** Keeps loads that only warm the cache from being optimized away. */
const sink: usize = memory.data(4, 4);

/**
 * Appends the tokens of the words that begin in [from, to) of the normalized text.
 *
 * Half the time of a lookup is waiting for the cache. So a batch of words is first found, hashed and its
 * buckets fetched, none waiting for another, and then looked up.
 */
export function appendWords(from: u32, to: u32): void {
  let at = nextBit(starts, from);
  while (at < to && count < limit) {
    let words: u32 = 0;
    let warmed: u32 = 0;
    while (at < to && words < <u32>batchWords) {
      const end = nextBit(boundaries, at + 1);
      const length = end - at;
      store<u32>(spans + (words << 3), at);
      store<u32>(spans + (words << 3), length, 4);
      warmed |= prepareProbe(probes + words * probeBytes, normalized + at, min(length, 16));
      words++;
      at = nextBit(starts, end);
    }
    store<u32>(sink, warmed);
    for (let i: u32 = 0; i < words && count < limit; i++) {
      const length = load<u32>(spans + (i << 3), 4);
      appendWord(normalized + load<u32>(spans + (i << 3)), length, probes + i * probeBytes);
    }
  }
}

@inline
function appendWord(word: usize, length: u32, probe: usize): void {
  const id = length <= 16 ? lookUpProbe(probe, word, length) : lookUp(word, length, false);
  // A word above the limit of characters is unknown even where the vocabulary has it.
  if (id != notFound && isWithinLimit(word, length)) appendToken(id);
  else splitWord(word, length);
}

@inline
function isWithinLimit(word: usize, length: u32): bool {
  return length <= maxInputCharsPerWord || countCodePoints(word, length) <= maxInputCharsPerWord;
}
