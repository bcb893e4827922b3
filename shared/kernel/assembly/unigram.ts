/**
 * Unigram: of all ways to split a text into tokens, the one with the highest sum of scores. The sums are added
 * up in the order and the precision of the native library (tokenizers, `models/unigram/model.rs`,
 * `encode_optimized`), so that equals stay equals.
 */
import {
  maxUnigramTokenBytes,
  metaByte,
  trieIdShift,
  unknownPenalty,
} from "../../tokenizer/unigram-layout";
import { noToken, spacesSplit } from "../model-descriptor";
import { ids, normalized } from "./scratch";
import { normalizeSentence, prepareSentences, sentenceStart } from "./sentence-normalizer";
import { byteTokens, hasByteTokens, scores, scoresCount, spaces, trie, trieUnits, unkId } from "./tables";
import { sequenceLength } from "./text";
import { appendToken, count, isFull } from "./token-list";

/**
 * f64 x 256: the best sum of a path to each of the next positions, by the lowest byte of the position. No token
 * reaches further. A position that has been passed is set back to minus infinity, which every path beats.
 */
const sums: usize = memory.data(2048, 64);
/** Back pointers are an id and a length in this many bits. */
const lengthBits: u32 = 8;

@inline
function sumAt(position: u32): usize {
  return sums + ((<usize>position & 255) << 3);
}

/** Sets all positions back; called once per model. */
export function prepareUnigram(): void {
  prepareSentences();
  for (let position: u32 = 0; position < 256; position++) store<f64>(sumAt(position), -Infinity);
}

/** Appends the tokens of a stretch of raw text without added tokens. */
export function appendSentence(source: usize, bytes: u32): void {
  const end = normalizeSentence(source, bytes);
  let from = sentenceStart;
  if ((spaces & spacesSplit) == 0) {
    if (from < end) appendPiece(from, end);
    return;
  }
  while (from < end && !isFull()) {
    let to = from + 1;
    while (to < end && load<u8>(normalized + to) != metaByte) to++;
    appendPiece(from, to);
    from = to;
  }
}

/** Appends the tokens of bytes [from, to) of the normalized text. */
function appendPiece(from: u32, to: u32): void {
  const text = normalized + from;
  const size = to - from;
  // Back pointers go behind the ids so far. An id takes a byte of text or more, so those to come do not catch up.
  const paths = ids + (<usize>count << 2);
  search(text, size, paths);
  turnAround(size, paths);
  appendPath(text, size, paths);
}

/** Leaves at `paths`, for each position where the best path to it has a token that ends, id and length of it. */
function search(text: usize, size: u32, paths: usize): void {
  store<f64>(sums, 0);
  const unknownScore = load<f64>(scores + (<usize>(scoresCount - 1) << 3)) - unknownPenalty;
  const root = load<u32>(trie);
  let at: u32 = 0;
  while (at < size) {
    const here = load<f64>(sumAt(at));
    store<f64>(sumAt(at), -Infinity);
    const character = sequenceLength(load<u8>(text + at));
    const last = min(size, at + maxUnigramTokenBytes);
    let base = root;
    let isKnown = false;
    let end = at;
    while (end < last) {
      const byte = <u32>load<u8>(text + end);
      const child = base + byte;
      if (child >= trieUnits) break;
      const unit = load<u64>(trie + (<usize>child << 3));
      const value = <u32>(unit >> 32);
      if ((value & 0xff) != byte) break;
      base = <u32>unit;
      end++;
      if (value <= 0xff) continue;
      const id = (value >> trieIdShift) - 1;
      if (id >= scoresCount - 1) unreachable();
      const length = end - at;
      isKnown = isKnown || length == character;
      const sum = load<f64>(scores + (<usize>id << 3)) + here;
      if (sum > load<f64>(sumAt(end))) {
        store<f64>(sumAt(end), sum);
        store<u32>(paths + (<usize>end << 2), (id << lengthBits) | length);
      }
    }
    end = at + character;
    if (!isKnown) {
      const sum = unknownScore + here;
      if (sum > load<f64>(sumAt(end))) {
        store<f64>(sumAt(end), sum);
        store<u32>(paths + (<usize>end << 2), (unkId << lengthBits) | character);
      }
    }
    at = end;
  }
  store<f64>(sumAt(size), -Infinity);
}

/** From the tokens that end at each position to those that begin there, along the best path to the end. */
function turnAround(size: u32, paths: usize): void {
  let end = size;
  let token = load<u32>(paths + (<usize>end << 2));
  while (end > 0) {
    const length = token & ((1 << lengthBits) - 1);
    if (length == 0 || length > end) unreachable();
    const start = end - length;
    const place = paths + (<usize>start << 2);
    const before = load<u32>(place);
    store<u32>(place, token);
    token = before;
    end = start;
  }
}

/** Appends the tokens of a path. Unknown ones that follow one another are one. */
function appendPath(text: usize, size: u32, paths: usize): void {
  let at: u32 = 0;
  while (at < size && !isFull()) {
    const token = load<u32>(paths + (<usize>at << 2));
    const id = token >> lengthBits;
    const length = token & ((1 << lengthBits) - 1);
    if (id != unkId) {
      at += length;
      appendToken(id);
      continue;
    }
    let end = at + length;
    while (end < size) {
      const next = load<u32>(paths + (<usize>end << 2));
      if (next >> lengthBits != unkId) break;
      end += next & ((1 << lengthBits) - 1);
    }
    appendUnknown(text + at, end - at);
    at = end;
  }
}

/** Appends what unknown text becomes: the token that it may be as a whole, its bytes, or the unknown token. */
function appendUnknown(text: usize, bytes: u32): void {
  const id = lookUp(text, bytes);
  if (id != noToken) appendToken(id);
  else if (hasByteTokens && hasTokensFor(text, bytes)) {
    for (let i: u32 = 0; i < bytes; i++) appendToken(byteToken(load<u8>(text + i)));
  } else appendToken(unkId);
}

@inline
function byteToken(byte: u32): u32 {
  return load<u32>(byteTokens + (<usize>byte << 2));
}

function hasTokensFor(text: usize, bytes: u32): bool {
  for (let i: u32 = 0; i < bytes; i++) if (byteToken(load<u8>(text + i)) == noToken) return false;
  return true;
}

/** The id of the token of `bytes` bytes at `text`, or noToken. */
function lookUp(text: usize, bytes: u32): u32 {
  let base = load<u32>(trie);
  let value: u32 = 0;
  for (let i: u32 = 0; i < bytes; i++) {
    const byte = <u32>load<u8>(text + i);
    const child = base + byte;
    if (child >= trieUnits) return noToken;
    const unit = trie + (<usize>child << 3);
    base = load<u32>(unit);
    value = load<u32>(unit, 4);
    if ((value & 0xff) != byte) return noToken;
  }
  return (value >> trieIdShift) - 1;
}
