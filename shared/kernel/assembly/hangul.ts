/** Hangul syllables, decomposed by arithmetic (Unicode Standard, 3.12). */

/** Three conjoining letters of three bytes each, and slack to load four bytes anywhere. */
export const jamo: usize = memory.data(12, 4);

@inline
function writeJamo(place: u32, codePoint: u32): void {
  // Between U+1100 and U+11FF.
  const bytes = 0xe1 | ((0x80 | ((codePoint >> 6) & 0x3f)) << 8) | ((0x80 | (codePoint & 0x3f)) << 16);
  store<u32>(jamo + 3 * place, bytes);
}

/** Leaves the letters of a syllable at `jamo`, and returns how many they are. */
export function decomposeHangul(codePoint: u32): u32 {
  const index = codePoint - 0xac00;
  writeJamo(0, 0x1100 + index / 588);
  writeJamo(1, 0x1161 + (index % 588) / 28);
  if (index % 28 == 0) return 2;
  writeJamo(2, 0x11a7 + (index % 28));
  return 3;
}
