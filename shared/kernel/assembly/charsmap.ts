/**
 * SentencePiece's character map (`shared/tokenizer/charsmap.ts` says what is in it), searched as the native
 * library does: the shortest key that begins a text decides.
 */
import { charsmap, charsmapBytes } from "./tables";

/** What `matchCharsmap` has found: the first byte of the replacement, and the one behind its last. */
export let replacementStart: usize = 0;
export let replacementEnd: usize = 0;

/** Distance from a unit to its children. */
@inline
function offsetOf(unit: u32): u32 {
  return (unit >> 10) << ((unit & 0x200) >> 6);
}

/** The unit of a number; a number that a hostile file made up traps. */
@inline
function unitAt(node: u32): u32 {
  if (node >= load<u32>(charsmap) >> 2) unreachable();
  return load<u32>(charsmap + 4 + (<usize>node << 2));
}

/** Checks that the trie is within the map; called once per model. */
export function prepareCharsmap(): void {
  if (charsmapBytes && load<u32>(charsmap) > charsmapBytes - 4) unreachable();
}

/** Whether a key begins the `bytes` bytes at `text`. */
export function matchCharsmap(text: usize, bytes: u32): bool {
  let node = offsetOf(unitAt(0));
  for (let i: u32 = 0; i < bytes; i++) {
    const byte = <u32>load<u8>(text + i);
    if (byte == 0) return false;
    node ^= byte;
    const unit = unitAt(node);
    if ((unit & 0x8000_00ff) != byte) return false;
    node ^= offsetOf(unit);
    if (unit & 0x100) {
      findReplacement(unitAt(node) & 0x7fff_ffff);
      return true;
    }
  }
  return false;
}

function findReplacement(offset: u32): void {
  const end = charsmap + charsmapBytes;
  const begin = charsmap + 4 + load<u32>(charsmap);
  if (<usize>offset > end - begin) unreachable();
  replacementStart = begin + offset;
  replacementEnd = replacementStart;
  while (replacementEnd < end && load<u8>(replacementEnd) != 0) replacementEnd++;
}
