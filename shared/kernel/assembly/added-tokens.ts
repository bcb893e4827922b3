/**
 * Added tokens: strings that are found literally, leftmost and longest first, before the text around
 * them is split into words. Those marked as normalized are looked for in the normalized text.
 */
import { addedTokenNormalized, addedTokenRaw } from "../../tokenizer/table-layout";
import { tokenizerUnigram } from "../model-descriptor";
import {
  find,
  hasKind,
  matchEnd,
  matchStart,
  matchedId,
  prepareTries,
  strippedEnd,
  strippedStart,
} from "./added-token-trie";
import { normalize } from "./normalizer";
import { boundaries, normalized, starts } from "./scratch";
import { tokenizer } from "./tables";
import { appendToken, isFull } from "./token-list";
import { appendSentence } from "./unigram";
import { appendWords } from "./word-piece";

/** Whether there are tokens of each kind at all. */
let hasRaw: bool = false;
let hasNormalized: bool = false;

/** Takes over the table; called once per model. */
export function prepareAddedTokens(): void {
  prepareTries();
  hasRaw = hasKind(addedTokenRaw);
  hasNormalized = hasKind(addedTokenNormalized);
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
  // White space that a token takes makes no difference here: words do not have any.
  while (hasNormalized && at < length && !isFull() && find(normalized, at, length, addedTokenNormalized)) {
    const start = matchStart;
    const end = matchEnd;
    // A match cuts the words around it: the one before ends where it starts, the rest begins anew.
    setBit(boundaries, start);
    if (end < length && load<u8>(normalized + end) != 0x20) {
      setBit(starts, end);
      setBit(boundaries, end);
    }
    appendWords(at, start);
    appendToken(matchedId());
    at = end;
  }
  appendWords(at, length);
}

/** Appends the tokens of raw text, added tokens included. */
export function appendWithAddedTokens(text: usize, bytes: u32): void {
  /** Where the text begins that no token has taken, and where the next token may begin. */
  let at: u32 = 0;
  let next: u32 = 0;
  while (hasRaw && !isFull() && find(text, next, bytes, addedTokenRaw)) {
    const start = strippedStart(text, at);
    const end = strippedEnd(text, bytes);
    const id = matchedId();
    // White space that a token has taken can still begin the next token: as in the native library.
    next = matchEnd;
    if (start > at) appendNormalized(text + at, start - at);
    appendToken(id);
    at = end;
  }
  if (at < bytes && !isFull()) appendNormalized(text + at, bytes - at);
}
