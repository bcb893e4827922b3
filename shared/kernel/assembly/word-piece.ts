/**
 * WordPiece: each word of the normalized text becomes the longest piece of the vocabulary that begins it,
 * then the longest continuation that begins the rest, and so on; a word that cannot be covered is unknown
 * as a whole.
 */
import { boundaries, ids, idsCapacity, normalized, starts } from "./scratch";
import { maxInputCharsPerWord, unkTokenId } from "./tables";
import { countCodePoints, isContinuation } from "./text";
import { lookUp, notFound } from "./vocabulary";

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
  if (length > maxInputCharsPerWord && countCodePoints(word, length) > maxInputCharsPerWord) {
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

/** Appends the tokens of the words that begin in [from, to) of the normalized text. */
export function appendWords(from: u32, to: u32): void {
  let at = nextBit(starts, from);
  while (at < to && count < limit) {
    const end = nextBit(boundaries, at + 1);
    const word = normalized + at;
    const id = lookUp(word, end - at, false);
    // A word above the limit of characters is unknown even where the vocabulary has it.
    if (id != notFound && end - at <= maxInputCharsPerWord) appendToken(id);
    else if (id != notFound && countCodePoints(word, end - at) <= maxInputCharsPerWord) appendToken(id);
    else splitWord(word, end - at);
    at = nextBit(starts, end);
  }
}
