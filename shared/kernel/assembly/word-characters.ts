/** What stands beside an added token: parts of words, by the native library's rule, and white space. */
import { decode, isContinuation, sequenceLength } from "./text";

/** Code points at which a run of word characters begins, and at which it ends, in turn. */
let flips: usize = 0;
let flipsCount: u32 = 0;

/** Takes over the table, which is empty where no token needs it. */
export function useWordFlips(table: usize, count: u32): void {
  flips = table;
  flipsCount = count;
}

/** Whether a code point is part of a word: whether an odd number of flips are not above it. */
function isWordCharacter(codePoint: u32): bool {
  let low: u32 = 0;
  let high = flipsCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(flips + (<usize>middle << 2)) <= codePoint) low = middle + 1;
    else high = middle;
  }
  return (low & 1) != 0;
}

/** Unicode's White_Space. */
function isWhiteSpace(codePoint: u32): bool {
  if (codePoint < 0x80) return codePoint == 0x20 || codePoint - 9 < 5;
  if (codePoint - 0x2000 < 11) return true;
  switch (codePoint) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return true;
    default:
      return false;
  }
}

/** Where the character before `at` begins; `at` is not 0. */
@inline
function characterBefore(text: usize, at: u32): u32 {
  let begin = at - 1;
  while (begin > 0 && isContinuation(load<u8>(text + begin))) begin--;
  return begin;
}

/** Whether a part of a word ends at `at`. */
export function wordEnds(text: usize, at: u32): bool {
  if (at == 0) return false;
  const begin = characterBefore(text, at);
  return isWordCharacter(decode(text + begin, at - begin));
}

/** Whether a part of a word begins at `at`, in a text of `to` bytes. */
export function wordBegins(text: usize, at: u32, to: u32): bool {
  return at < to && isWordCharacter(decode(text + at, sequenceLength(load<u8>(text + at))));
}

/** Where the white space before `at` begins, back to `floor` at most. */
export function spaceLeft(text: usize, floor: u32, at: u32): u32 {
  let begin = at;
  while (begin > floor) {
    const before = characterBefore(text, begin);
    if (!isWhiteSpace(decode(text + before, begin - before))) break;
    begin = before;
  }
  return max(begin, floor);
}

/** Where the white space from `at` on ends. */
export function spaceRight(text: usize, at: u32, to: u32): u32 {
  let end = at;
  while (end < to) {
    const bytes = sequenceLength(load<u8>(text + end));
    if (!isWhiteSpace(decode(text + end, bytes))) break;
    end += bytes;
  }
  return end;
}
