/**
 * The normalizer and pre-tokenizer of a Unigram tokenizer in one pass: text in, normalized text out, in which
 * one byte stands for a space. Sixteen ASCII bytes at a time where they stay as they are; everything else goes
 * by the character map, if there is one, and then by the character table.
 */
import {
  characterDrop,
  characterHangul,
  characterMeta,
  characterSpace,
  characterSpaced,
  characterWhitespace,
  characterWord,
  firstRecord,
} from "../../tokenizer/table-layout";
import { longGraphemeBytes, metaByte } from "../../tokenizer/unigram-layout";
import {
  prependAlways,
  prependFirst,
  spacesCollapse,
  spacesSplitAtWhitespace,
  spacesStripLeft,
  spacesStripRight,
} from "../model-descriptor";
import { matchCharsmap, prepareCharsmap, replacementEnd, replacementStart } from "./charsmap";
import { graphemeLength } from "./graphemes";
import { decomposeHangul, jamo } from "./hangul";
import { characterValue, combiningClass } from "./normalizer";
import { caseBit, plainBytes, preparePlainBytes, spacesAreSpaces } from "./plain-bytes";
import { input, normalized, normalizedCapacity } from "./scratch";
import { characterRecords, characterRecordsBytes, charsmapBytes, prepend, spaces } from "./tables";
import { decode, isContinuation, sequenceLength } from "./text";

/** The first byte is left free for the space in front. */
const begin: u32 = 1;
/** Bytes of normalized text so far. */
let length: u32 = 0;
/** Where the text would end without its white space at the end. */
let contentEnd: u32 = 0;
/** Whether another space would be one too many. */
let afterSpace: bool = false;
/** Whether runs of spaces become one. */
let collapse: bool = false;

/** Takes over what the model says of spaces and of ASCII; called once per model. */
export function prepareSentences(): void {
  prepareCharsmap();
  preparePlainBytes();
  collapse = (spaces & spacesCollapse) != 0;
}

@inline
function appendSpace(): void {
  if (afterSpace) return;
  store<u8>(normalized + length, <u8>metaByte);
  length++;
  afterSpace = collapse;
}

/** Appends one character of `bytes` bytes. */
@inline
function appendCharacter(source: usize, bytes: u32): void {
  store<u32>(normalized + length, load<u32>(source));
  length += bytes;
  contentEnd = length;
  afterSpace = false;
}

/** Appends white space that is no space: it is part of a word, but not at the ends of a text. */
function appendWhitespace(source: usize, bytes: u32): void {
  if (length == begin && (spaces & spacesStripLeft) != 0) return;
  const end = contentEnd;
  appendCharacter(source, bytes);
  contentEnd = end;
}

/** Appends the character that stands for a space: as a word's first, it is the space in front of it. */
function appendMeta(): void {
  const isInFront = afterSpace && length > begin && (spaces & spacesSplitAtWhitespace) != 0;
  if (!isInFront) {
    store<u8>(normalized + length, <u8>metaByte);
    length++;
  }
  contentEnd = length;
  afterSpace = false;
}

/** Appends a mark with a combining class where canonical ordering puts it (Unicode Standard, 3.11, D109). */
function appendReordered(source: usize, bytes: u32, order: u32): void {
  let at = length;
  while (at > begin) {
    let previous = at - 1;
    while (previous > begin && isContinuation(load<u8>(normalized + previous))) previous--;
    if (combiningClass(decode(normalized + previous, at - previous)) <= order) break;
    at = previous;
  }
  const character = load<u32>(source);
  appendCharacter(source, bytes);
  if (at == length - bytes) return;
  memory.copy(normalized + at + bytes, normalized + at, length - bytes - at);
  for (let i: u32 = 0; i < bytes; i++) store<u8>(normalized + at + i, <u8>(character >> (i << 3)));
}

/** Appends what a record says that a character becomes. */
function appendRecord(value: u32): void {
  let item = ((value - firstRecord) << 2) + 1;
  if (item >= characterRecordsBytes) unreachable();
  let items = <u32>load<u8>(characterRecords + item - 1);
  for (; items > 0; items--) {
    const pointer = characterRecords + item;
    const kind = <u32>load<u8>(pointer);
    const order = <u32>load<u8>(pointer, 1);
    const bytes = <u32>load<u8>(pointer, 2);
    if (bytes > 4) unreachable();
    if (kind == characterSpace) appendSpace();
    else if (kind == characterMeta) appendMeta();
    else if (kind == characterWhitespace) appendWhitespace(pointer + 3, bytes);
    else if (order) appendReordered(pointer + 3, bytes, order);
    else appendCharacter(pointer + 3, bytes);
    item += 3 + bytes;
    if (item > characterRecordsBytes || length > normalizedCapacity) unreachable();
  }
}

/** Appends one character by the table; returns the bytes that it took of the text. */
function appendByTable(source: usize): u32 {
  if (length > normalizedCapacity) unreachable();
  const bytes = sequenceLength(load<u8>(source));
  const codePoint = decode(source, bytes);
  const value = characterValue(codePoint);
  if (value == characterWord) appendCharacter(source, bytes);
  else if (value == characterSpace) appendSpace();
  else if (value >= <u32>firstRecord) appendRecord(value);
  else if (value == characterSpaced) {
    appendSpace();
    appendCharacter(source, bytes);
    appendSpace();
  } else if (value == characterMeta) appendMeta();
  else if (value == characterWhitespace) appendWhitespace(source, bytes);
  else if (value == characterHangul) {
    const count = decomposeHangul(codePoint);
    for (let i: u32 = 0; i < count; i++) appendCharacter(jamo + 3 * i, 3);
  } else if (value != characterDrop) unreachable();
  return bytes;
}

/** Appends what the character map makes of the `bytes` bytes at `source`, if it has something to say. */
@inline
function appendMapped(source: usize, bytes: u32): bool {
  if (!matchCharsmap(source, bytes)) return false;
  const end = replacementEnd;
  for (let at = replacementStart; at < end; ) {
    at += appendByTable(at);
    if (at > end) unreachable();
  }
  return true;
}

/**
 * Appends one grapheme, of which at most `bytes` bytes are left; returns the bytes that it took. A short one is
 * looked up whole, and replaced whole even if a key is only its beginning; others character by character.
 */
function appendGrapheme(source: usize, bytes: u32): u32 {
  const grapheme = graphemeLength(source, bytes);
  if (grapheme < <u32>longGraphemeBytes && appendMapped(source, grapheme)) return grapheme;
  for (let at: u32 = 0; at < grapheme; ) {
    const character = sequenceLength(load<u8>(source + at));
    if (!appendMapped(source + at, character)) appendByTable(source + at);
    at += character;
  }
  return grapheme;
}

/** Appends the ASCII bytes that stay as they are, 16 at most; returns how many they were. */
@inline
function appendPlain(source: usize, bytes: u32): u32 {
  const block = v128.load(source);
  const low = i8x16.swizzle(v128.load(plainBytes), v128.and(block, i8x16.splat(15)));
  const high = i8x16.swizzle(v128.load(plainBytes + 16), i8x16.shr_u(block, 4));
  const plainBits = ~<u32>i8x16.bitmask(i8x16.eq(v128.and(low, high), i8x16.splat(0)));
  const spaceBits = spacesAreSpaces ? <u32>i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x20))) : 0;
  const needlessBits = spaceBits & (collapse ? (spaceBits << 1) | u32(afterSpace) : u32(afterSpace));
  let regularBits = (plainBits | spaceBits) & ~needlessBits;
  // The bit behind the last one stops the count at the block's or the text's end.
  const end: u32 = 1 << min(bytes, 16);
  if (charsmapBytes) {
    // What is not ASCII may make one grapheme with the byte before.
    const asciiBits = (~<u32>i8x16.bitmask(block) & 0xffff) | (u32(load<u8>(source, 16) < 0x80) << 16);
    regularBits &= (asciiBits >> 1) | (bytes <= 16 ? end >> 1 : 0);
  }
  const run = <u32>ctz(~regularBits | end);
  if (run == 0) return 0;
  const isCapital = i8x16.lt_u(i8x16.sub(block, i8x16.splat(0x41)), i8x16.splat(26));
  v128.store(normalized + length, v128.or(block, v128.and(isCapital, i8x16.splat(caseBit))));
  const contentBits = plainBits & ((1 << run) - 1);
  if (contentBits) contentEnd = length + 32 - <u32>clz(contentBits);
  length += run;
  afterSpace = collapse && ((spaceBits >> (run - 1)) & 1) != 0;
  return run;
}

/** Where the normalized text begins that `normalizeSentence` has left. */
export let sentenceStart: u32 = 0;

/**
 * Normalizes `bytes` bytes of text at `source` into `normalized`, from `sentenceStart` on. Returns where it
 * ends, which is before `sentenceStart` or there if nothing is left.
 */
export function normalizeSentence(source: usize, bytes: u32): u32 {
  length = begin;
  contentEnd = begin;
  sentenceStart = begin;
  afterSpace = (spaces & spacesStripLeft) != 0;
  let at: u32 = 0;
  while (at < bytes) {
    if (length > normalizedCapacity) unreachable();
    const run = appendPlain(source + at, bytes - at);
    at += run;
    if (run == 16 || at >= bytes) continue;
    do {
      at += charsmapBytes ? appendGrapheme(source + at, bytes - at) : appendByTable(source + at);
    } while (at < bytes && load<u8>(source + at) >= 0x80);
  }
  const end = spaces & spacesStripRight ? contentEnd : length;
  const wantsSpace = prepend == prependAlways || (prepend == prependFirst && source == input);
  if (end > begin && wantsSpace && load<u8>(normalized + begin) != metaByte) {
    store<u8>(normalized, <u8>metaByte);
    sentenceStart = 0;
  }
  return end;
}
