/** Extended grapheme clusters (UAX #29), as far as they make a difference to a character map. */
import {
  characterBlockBits,
} from "../../tokenizer/table-layout";
import {
  graphemeConjunctExtend,
  graphemeConsonant,
  graphemeControl,
  graphemeExtend,
  graphemeJoiner,
  graphemeLeading,
  graphemeLeadingVowel,
  graphemeLeadingVowelTrailing,
  graphemeLinker,
  graphemeNewline,
  graphemeOther,
  graphemePictographic,
  graphemePrepend,
  graphemeReturn,
  graphemeSpacingMark,
  graphemeTrailing,
  graphemeVowel,
} from "../../tokenizer/unigram-layout";
import { graphemeBlocks, graphemeBlocksCount, graphemeIndex } from "./tables";
import { decode, sequenceLength } from "./text";

@inline
function classOf(codePoint: u32): u32 {
  const block = <u32>load<u16>(graphemeIndex + ((codePoint >> characterBlockBits) << 1));
  if (block >= graphemeBlocksCount) unreachable();
  const within = codePoint & ((1 << characterBlockBits) - 1);
  return load<u16>(graphemeBlocks + (((block << characterBlockBits) + within) << 1));
}

@inline
function isExtend(kind: u32): bool {
  return kind == graphemeExtend || kind == graphemeConjunctExtend || kind == graphemeLinker;
}

@inline
function isControl(kind: u32): bool {
  return kind == graphemeControl || kind == graphemeReturn || kind == graphemeNewline;
}

/** Whether no boundary is between two Hangul letters or syllables (rules GB6 to GB8). */
@inline
function joinsHangul(left: u32, right: u32): bool {
  if (left == graphemeLeading) {
    return (
      right == graphemeLeading ||
      right == graphemeVowel ||
      right == graphemeLeadingVowel ||
      right == graphemeLeadingVowelTrailing
    );
  }
  if (left == graphemeVowel || left == graphemeLeadingVowel) {
    return right == graphemeVowel || right == graphemeTrailing;
  }
  if (left == graphemeTrailing || left == graphemeLeadingVowelTrailing) return right == graphemeTrailing;
  return false;
}

/** Bytes of the grapheme that begins at `text`, of which `bytes` bytes are left. */
export function graphemeLength(text: usize, bytes: u32): u32 {
  let length = sequenceLength(load<u8>(text));
  if (length >= bytes) return length;
  let left = classOf(decode(text, length));
  // What has come so far: a pictograph that may be joined to another, and a consonant that may be linked.
  let pictograph = left == graphemePictographic;
  let joined = false;
  let conjunct = left == graphemeConsonant;
  let linked = false;
  while (length < bytes) {
    const next = sequenceLength(load<u8>(text + length));
    const right = classOf(decode(text + length, next));
    let joins: bool;
    if (left == graphemeReturn) joins = right == graphemeNewline;
    else if (isControl(left) || isControl(right)) joins = false;
    else if (isExtend(right) || right == graphemeJoiner || right == graphemeSpacingMark) joins = true;
    else if (left == graphemePrepend) joins = true;
    else if (right == graphemeConsonant) joins = conjunct && linked;
    else if (right == graphemePictographic) joins = pictograph && joined;
    else joins = right != graphemeOther && joinsHangul(left, right);
    if (!joins) break;

    if (right == graphemePictographic) pictograph = true;
    else if (!isExtend(right) && right != graphemeJoiner) pictograph = false;
    joined = right == graphemeJoiner;
    if (right == graphemeConsonant) {
      conjunct = true;
      linked = false;
    } else if (right == graphemeLinker) linked = true;
    else if (right != graphemeConjunctExtend && right != graphemeJoiner) conjunct = false;
    left = right;
    length += next;
  }
  return length;
}
