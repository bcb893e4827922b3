/**
 * Added tokens: strings that are found literally, leftmost and longest first, before the text around
 * them is split into words. Those marked as normalized are looked for in the normalized text.
 */
import { addedTokenNormalized, addedTokensIndexWords } from "../../tokenizer/table-layout";
import { tokenizerUnigram } from "../model-descriptor";
import { normalize } from "./normalizer";
import { boundaries, normalized, starts } from "./scratch";
import { addedTokens, hasAddedTokens, tokenizer } from "./tables";
import { appendToken, isFull } from "./token-list";
import { appendSentence } from "./unigram";
import { appendWords } from "./word-piece";

/** The match that `find` has found. */
let matchStart: u32 = 0;
let matchEnd: u32 = 0;
let matchId: u32 = 0;

/**
 * Which bytes can begin a token, for 16 bytes of text at once: by the low half of the byte, and by the high
 * half. A byte passes if the two entries share a bit, of which there is one for each high half and the one 8
 * above it. 32 bytes for tokens in raw text, then 32 for those in normalized text.
 */
const filters: usize = memory.data(64, 16);
/** Whether there are tokens of each kind at all. */
let hasRaw: bool = false;
let hasNormalized: bool = false;

/** Makes the filters out of the table; called once per model. */
export function prepareAddedTokens(): void {
  memory.fill(filters, 0, 64);
  hasRaw = false;
  hasNormalized = false;
  if (!hasAddedTokens) return;
  for (let byte: u32 = 0; byte < 256; byte++) {
    const index = addedTokens + (<usize>byte << 2);
    let token = addedTokens + (<usize>load<u32>(index) << 2);
    const end = addedTokens + (<usize>load<u32>(index, 4) << 2);
    while (token < end) {
      const flags = load<u32>(token, 4);
      if (flags == addedTokenNormalized) hasNormalized = true;
      else hasRaw = true;
      const low = filters + (flags << 5) + (byte & 15);
      const high = filters + (flags << 5) + 16 + (byte >> 4);
      const bit: u8 = <u8>1 << <u8>((byte >> 4) & 7);
      store<u8>(low, load<u8>(low) | bit);
      store<u8>(high, load<u8>(high) | bit);
      token += 12 + ((load<u32>(token, 8) + 3) & ~3);
    }
  }
}

/** The first byte of [from, to) that may begin a token of a kind, or `to`. */
@inline
function nextCandidate(text: usize, from: u32, to: u32, flags: u32): u32 {
  const lowTable = v128.load(filters + (flags << 5));
  const highTable = v128.load(filters + (flags << 5) + 16);
  for (let at = from; at < to; at += 16) {
    const block = v128.load(text + at);
    const low = i8x16.swizzle(lowTable, v128.and(block, i8x16.splat(15)));
    const high = i8x16.swizzle(highTable, i8x16.shr_u(block, 4));
    const none = i8x16.eq(v128.and(low, high), i8x16.splat(0));
    const candidates = ~<u32>i8x16.bitmask(none) & 0xffff;
    if (candidates) return min(at + <u32>ctz(candidates), to);
  }
  return to;
}

/** Finds the first added token of a kind in bytes [from, to) of `text`; the longest where several begin. */
function find(text: usize, from: u32, to: u32, flags: u32): bool {
  for (
    let at = nextCandidate(text, from, to, flags);
    at < to;
    at = nextCandidate(text, at + 1, to, flags)
  ) {
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
  if (tokenizer == <u32>tokenizerUnigram) {
    appendSentence(source, bytes);
    return;
  }
  const length = normalize(source, bytes);
  let at: u32 = 0;
  while (hasNormalized && at < length && !isFull() && find(normalized, at, length, addedTokenNormalized)) {
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
  while (hasRaw && at < bytes && !isFull() && find(text, at, bytes, 0)) {
    const end = matchEnd;
    const id = matchId;
    if (matchStart > at) appendNormalized(text + at, matchStart - at);
    appendToken(id);
    at = end;
  }
  if (at < bytes && !isFull()) appendNormalized(text + at, bytes - at);
}
