/**
 * WordPiece: each word of the normalized text becomes the longest piece of the vocabulary that begins it,
 * then the longest continuation that begins the rest, and so on; a word that cannot be covered is unknown
 * as a whole.
 */
import { boundaries, normalized, starts } from "./scratch";
import { maxInputCharsPerWord, unkTokenId } from "./tables";
import { countCodePoints, isContinuation } from "./text";
import { appendToken, count, isFull, keepTokens } from "./token-list";
import { lookUp, lookUpProbe, notFound, prepareProbe, probeBytes } from "./vocabulary";

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
      keepTokens(begin);
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
  while (at < to && !isFull()) {
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
    for (let i: u32 = 0; i < words && !isFull(); i++) {
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
