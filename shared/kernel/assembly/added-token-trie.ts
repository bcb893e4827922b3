/**
 * Finds added tokens in a text: the leftmost, and of those that begin there the longest. A filter over 16
 * positions at once tells where a token may begin; there a trie is walked down, one byte a step.
 * `shared/tokenizer/added-token-table.ts` builds both.
 */
import {
  addedTokenIdMask,
  addedTokenSingleWord,
  addedTokenStripLeft,
  addedTokenStripRight,
  addedTokensEntriesWord,
  addedTokensFiltersWord,
  addedTokensFlipsWord,
  addedTokensHeadWords,
  addedTokensKindsWord,
  addedTokensUnitsWord,
  labelEnd,
  labelUnused,
  unitBaseShift,
  unitEndBit,
  unitEntryShift,
  unitLeafBit,
} from "../../tokenizer/table-layout";
import { addedTokens, addedTokensWords } from "./tables";
import { spaceLeft, spaceRight, useWordFlips, wordBegins, wordEnds } from "./word-characters";

/** The match that `find` has found. */
export let matchStart: u32 = 0;
export let matchEnd: u32 = 0;
/** Id and flags of its token. */
let matchValue: u32 = 0;

let units: usize = 0;
let unitsCount: u32 = 0;
let entries: usize = 0;
let entriesWords: u32 = 0;
let kinds: u32 = 0;
/** What `childOf` answers where there is none: the label of no byte. */
const noChild: u32 = labelUnused;

@inline
function head(word: i32): u32 {
  return load<u32>(addedTokens + (<usize>word << 2));
}

/** Takes over the table; called once per model. */
export function prepareTries(): void {
  kinds = head(addedTokensKindsWord);
  unitsCount = head(addedTokensUnitsWord);
  entriesWords = head(addedTokensEntriesWord);
  const flips = head(addedTokensFlipsWord);
  const words = <u64>addedTokensHeadWords + unitsCount + entriesWords + flips;
  if (words != <u64>addedTokensWords) unreachable();
  units = addedTokens + (addedTokensHeadWords << 2);
  entries = units + (<usize>unitsCount << 2);
  useWordFlips(entries + (<usize>entriesWords << 2), flips);
}

/** Whether there are tokens of a kind. */
@inline
export function hasKind(kind: u32): bool {
  return ((kinds >> kind) & 1) != 0;
}

/** Finds the first token of a kind that begins in bytes [from, to) of a text of `to` bytes. */
export function find(text: usize, from: u32, to: u32, kind: u32): bool {
  const filter = addedTokens + (addedTokensFiltersWord << 2) + (kind << 6);
  const firstLow = v128.load(filter);
  const firstHigh = v128.load(filter, 16);
  const lowHalf = i8x16.splat(15);
  let at = from;
  while (at < to) {
    const block = v128.load(text + at);
    const first = v128.and(
      i8x16.swizzle(firstLow, v128.and(block, lowHalf)),
      i8x16.swizzle(firstHigh, i8x16.shr_u(block, 4)),
    );
    const begin = at;
    at += 16;
    if (!v128.any_true(first)) continue;
    const next = v128.load(text + begin + 1);
    const both = v128.and(
      v128.and(first, i8x16.swizzle(v128.load(filter, 32), v128.and(next, lowHalf))),
      i8x16.swizzle(v128.load(filter, 48), i8x16.shr_u(next, 4)),
    );
    let candidates = ~(<u32>i8x16.bitmask(i8x16.eq(both, i8x16.splat(0)))) & 0xffff;
    while (candidates) {
      const start = begin + <u32>ctz(candidates);
      candidates &= candidates - 1;
      if (start >= to) return false;
      if (!longest(text, start, to, kind)) continue;
      if (stands(text, to)) return true;
      // As in the native library, a token that does not stand alone is passed over with all that is in it.
      at = matchEnd;
      break;
    }
  }
  return false;
}

/** The longest token of a kind that begins at `start`. */
function longest(text: usize, start: u32, to: u32, kind: u32): bool {
  let unit = load<u32>(units + (kind << 2));
  /** The unit of the longest token so far, which others go on from. */
  let last: u32 = 0;
  let lastEnd: u32 = 0;
  let at = start;
  while (at < to) {
    const child = childOf(unit, load<u8>(text + at));
    if (child == noChild) break;
    at++;
    if (child & unitLeafBit) {
      if (endsWith(child >> unitEntryShift, text, at, to)) return startAt(start);
      break;
    }
    if (child & unitEndBit) {
      last = child;
      lastEnd = at;
    }
    unit = child;
  }
  if (last == 0) return false;
  const leaf = childOf(last, labelEnd);
  if (leaf == noChild) unreachable();
  return endsWith(leaf >> unitEntryShift, text, lastEnd, to) && startAt(start);
}

/** The child of a unit by a byte, or noChild. */
@inline
function childOf(unit: u32, label: u32): u32 {
  const index = (unit >> unitBaseShift) + label;
  if (index >= unitsCount) unreachable();
  const child = load<u32>(units + (<usize>index << 2));
  return (child & 0xff) == label ? child : noChild;
}

/** Whether the text goes on as the entry does; if so, sets value and end of the match. */
@inline
function endsWith(entry: u32, text: usize, from: u32, to: u32): bool {
  if (entry >= entriesWords) unreachable();
  let rest = entries + (<usize>entry << 2) + 4;
  let at = from;
  for (; load<u8>(rest) != <u8>labelEnd; rest++) {
    if (at >= to || load<u8>(rest) != load<u8>(text + at)) return false;
    at++;
  }
  matchValue = load<u32>(entries + (<usize>entry << 2));
  matchEnd = at;
  return true;
}

@inline
function startAt(start: u32): bool {
  matchStart = start;
  return true;
}

/** Whether the match may stand where it does. */
@inline
function stands(text: usize, to: u32): bool {
  if (!(matchValue & addedTokenSingleWord)) return true;
  return !wordEnds(text, matchStart) && !wordBegins(text, matchEnd, to);
}

@inline
export function matchedId(): u32 {
  return matchValue & addedTokenIdMask;
}

/** Where the match begins with the white space that its token takes, back to `floor` at most. */
@inline
export function strippedStart(text: usize, floor: u32): u32 {
  return matchValue & addedTokenStripLeft ? spaceLeft(text, floor, matchStart) : matchStart;
}

/** Where the match ends with the white space that its token takes. */
@inline
export function strippedEnd(text: usize, to: u32): u32 {
  return matchValue & addedTokenStripRight ? spaceRight(text, matchEnd, to) : matchEnd;
}
