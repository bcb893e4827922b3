/**
 * BERT's normalizer and pre-tokenizer in one pass: text in, normalized text out, with a bit set
 * wherever a word or punctuation mark begins and wherever one ends. Sixteen ASCII bytes at a time;
 * everything else goes by the character table.
 */
import {
  characterBlockBits,
  characterDrop,
  characterHangul,
  characterIsolated,
  characterSpace,
  characterSpaced,
  characterWord,
  firstRecord,
} from "../../tokenizer/table-layout";
import { decomposeHangul, jamo } from "./hangul";
import { boundaries, normalized, normalizedCapacity, starts } from "./scratch";
import {
  caseBit,
  characterBlocks,
  characterBlocksCount,
  characterIndex,
  characterRecords,
  characterRecordsBytes,
  cleanText,
} from "./tables";
import { decode, isContinuation, sequenceLength } from "./text";

/** Bytes of normalized text so far. */
let length: u32 = 0;
/** Whether a word character would begin a new word. */
let atBoundary: bool = true;

/** Writes up to 16 bits at the bit position `at`, clearing what follows them in their 32-bit word. */
@inline
function writeBits(bitmap: usize, at: u32, bits: u32): void {
  const pointer = bitmap + (at >> 3);
  const shift = at & 7;
  store<u32>(pointer, (<u32>load<u8>(pointer) & ((1 << shift) - 1)) | (bits << shift));
}

/** Marks the `count` bytes about to be appended, as a piece that begins with them or as none. */
@inline
function mark(startBits: u32, boundaryBits: u32): void {
  writeBits(starts, length, startBits);
  writeBits(boundaries, length, boundaryBits);
}

@inline
function appendSpace(): void {
  mark(0, 1);
  store<u8>(normalized + length, 0x20);
  length++;
  atBoundary = true;
}

/** Appends one character of `bytes` bytes at `source`: a word of its own, or part of the word before it. */
@inline
function appendCharacter(source: usize, bytes: u32, isolated: bool): void {
  const begins = u32(isolated || atBoundary);
  mark(begins, begins);
  store<u32>(normalized + length, load<u32>(source));
  length += bytes;
  atBoundary = isolated;
}

/** The table's value for a code point. */
@inline
export function characterValue(codePoint: u32): u32 {
  const block = <u32>load<u16>(characterIndex + ((codePoint >> characterBlockBits) << 1));
  if (block >= characterBlocksCount) unreachable();
  const within = codePoint & ((1 << characterBlockBits) - 1);
  return load<u16>(characterBlocks + (((block << characterBlockBits) + within) << 1));
}

/** Canonical combining class of a character that survived normalization: nonzero only in records. */
export function combiningClass(codePoint: u32): u32 {
  const value = characterValue(codePoint);
  if (value < <u32>firstRecord) return 0;
  const record = characterRecords + ((value - firstRecord) << 2);
  return load<u8>(record, 0) == 1 ? load<u8>(record, 2) : 0;
}

/**
 * Appends a mark that normalization keeps and that has a combining class: canonical ordering puts it
 * before every mark of a higher class that it follows (Unicode Standard, 3.11, D109).
 */
function appendReordered(source: usize, bytes: u32, order: u32): void {
  let at = length;
  while (at > 0) {
    let previous = at - 1;
    while (previous > 0 && isContinuation(load<u8>(normalized + previous))) previous--;
    if (combiningClass(decode(normalized + previous, at - previous)) <= order) break;
    at = previous;
  }
  const character = load<u32>(source);
  appendCharacter(source, bytes, false);
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
    if (kind == characterSpace) appendSpace();
    else if (order) appendReordered(pointer + 3, bytes, order);
    else appendCharacter(pointer + 3, bytes, kind == characterIsolated);
    item += 3 + bytes;
    if (item > characterRecordsBytes || length > normalizedCapacity) unreachable();
  }
}

/** Decomposes a Hangul syllable by arithmetic. */
function appendHangul(codePoint: u32): void {
  const count = decomposeHangul(codePoint);
  for (let i: u32 = 0; i < count; i++) appendCharacter(jamo + 3 * i, 3, false);
}

/** Appends one character by the table; returns the bytes that it took of the text. */
function appendByTable(source: usize): u32 {
  const bytes = sequenceLength(load<u8>(source));
  const codePoint = decode(source, bytes);
  const value = characterValue(codePoint);
  if (value == characterWord) appendCharacter(source, bytes, false);
  else if (value == characterSpaced) {
    appendSpace();
    appendCharacter(source, bytes, false);
    appendSpace();
  } else if (value == characterIsolated) appendCharacter(source, bytes, true);
  else if (value == characterSpace) appendSpace();
  else if (value >= <u32>firstRecord) appendRecord(value);
  else if (value == characterHangul) appendHangul(codePoint);
  else if (value != characterDrop) unreachable();
  return bytes;
}

/**
 * Normalizes `bytes` bytes of text at `source` into `normalized` and marks its words in `starts` and
 * `boundaries`. Returns the normalized length; a start and a boundary are set there too, as sentinels.
 */
export function normalize(source: usize, bytes: u32): u32 {
  length = 0;
  atBoundary = true;
  const caseBits = i8x16.splat(caseBit);
  const controlSpaceReplacement = i8x16.splat(cleanText ? -1 : 0);
  let at: u32 = 0;
  while (at < bytes) {
    const block = v128.load(source + at);
    const isControlSpace = v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(9)), i8x16.eq(block, i8x16.splat(10))),
      i8x16.eq(block, i8x16.splat(13)),
    );
    const isSpace = v128.or(isControlSpace, i8x16.eq(block, i8x16.splat(0x20)));
    // Signed: bytes beyond ASCII are negative. 0x7f is the one control character above the letters.
    const isPrintable = v128.andnot(
      i8x16.gt_s(block, i8x16.splat(0x1f)),
      i8x16.eq(block, i8x16.splat(0x7f)),
    );
    const folded = v128.or(block, i8x16.splat(0x20));
    const isLetter = i8x16.lt_u(i8x16.sub(folded, i8x16.splat(0x61)), i8x16.splat(26));
    const isDigit = i8x16.lt_u(i8x16.sub(block, i8x16.splat(0x30)), i8x16.splat(10));
    const cased = v128.or(block, v128.and(isLetter, caseBits));
    const spaced = v128.bitselect(i8x16.splat(0x20), cased, v128.and(isControlSpace, controlSpaceReplacement));

    const wordBits = <u32>i8x16.bitmask(v128.or(isLetter, isDigit));
    const spaceBits = <u32>i8x16.bitmask(isSpace);
    const regularBits = <u32>i8x16.bitmask(v128.or(isPrintable, isSpace));
    // The bit behind the last one stops the count at the block's or the text's end.
    const left = bytes - at;
    const run = <u32>ctz(~regularBits | (1 << min(left, 16)));
    if (run) {
      const mask: u32 = (1 << run) - 1;
      const wordStarts = wordBits & ~((wordBits << 1) | u32(!atBoundary));
      const startBits = (wordStarts | (~wordBits & ~spaceBits)) & mask;
      v128.store(normalized + length, spaced);
      mark(startBits, startBits | (spaceBits & mask));
      length += run;
      at += run;
      atBoundary = !((wordBits >> (run - 1)) & 1);
      if (run == 16 || at >= bytes) continue;
    }
    do {
      if (length > normalizedCapacity) unreachable();
      at += appendByTable(source + at);
    } while (at < bytes && load<u8>(source + at) >= 0x80);
  }
  mark(1, 1);
  return length;
}
