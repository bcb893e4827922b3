/**
 * Added tokens: strings that are found literally, leftmost and longest first, before the text around
 * them is split into words. Those marked as normalized are looked for in the normalized text.
 */
import { addedTokenNormalized, addedTokensIndexWords } from "../../tokenizer/table-layout";
import { normalize } from "./normalizer";
import { boundaries, normalized, starts } from "./scratch";
import { addedTokens } from "./tables";
import { appendToken, appendWords, isFull } from "./word-piece";

/** The match that `find` has found. */
let matchStart: u32 = 0;
let matchEnd: u32 = 0;
let matchId: u32 = 0;

/** Finds the first added token of a kind in bytes [from, to) of `text`; the longest where several begin. */
function find(text: usize, from: u32, to: u32, flags: u32): bool {
  for (let at = from; at < to; at++) {
    const index = addedTokens + (<usize>load<u8>(text + at) << 2);
    let token = addedTokens + (<usize>load<u32>(index) << 2);
    const end = addedTokens + (<usize>load<u32>(index, 4) << 2);
    while (token < end) {
      const length = load<u32>(token, 8);
      if (load<u32>(token, 4) == flags && at + length <= to && equal(token + 12, text + at, length)) {
        matchStart = at;
        matchEnd = at + length;
        matchId = load<u32>(token);
        return true;
      }
      token += 12 + ((length + 3) & ~3);
    }
  }
  return false;
}

function equal(left: usize, right: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(left + i) != load<u8>(right + i)) return false;
  }
  return true;
}

@inline
function setBit(bitmap: usize, at: u32): void {
  const pointer = bitmap + (at >> 3);
  store<u8>(pointer, load<u8>(pointer) | (<u8>1 << <u8>(at & 7)));
}

/** Normalizes a stretch of raw text and appends its words and the added tokens among them. */
function appendNormalized(source: usize, bytes: u32): void {
  const length = normalize(source, bytes);
  let at: u32 = 0;
  while (at < length && !isFull() && find(normalized, at, length, addedTokenNormalized)) {
    const start = matchStart;
    const end = matchEnd;
    const id = matchId;
    // A match cuts the words around it: the one before ends where it starts, the rest begins anew.
    setBit(boundaries, start);
    if (end < length && load<u8>(normalized + end) != 0x20) {
      setBit(starts, end);
      setBit(boundaries, end);
    }
    appendWords(at, start);
    appendToken(id);
    at = end;
  }
  appendWords(at, length);
}

/** Appends the tokens of raw text, added tokens included. */
export function appendWithAddedTokens(text: usize, bytes: u32): void {
  let at: u32 = 0;
  while (at < bytes && !isFull() && find(text, at, bytes, 0)) {
    const end = matchEnd;
    const id = matchId;
    if (matchStart > at) appendNormalized(text + at, matchStart - at);
    appendToken(id);
    at = end;
  }
  if (at < bytes && !isFull()) appendNormalized(text + at, bytes - at);
}
