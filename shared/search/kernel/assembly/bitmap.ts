/**
 * Bitmaps: bit `i & 7` of byte `i >> 3`, in whole words of 64 bits, those past the last one 0. What passes a
 * filter, and what is alive, are bitmaps.
 */

/** The 64 bits of which number `i` is one. */
@inline
export function wordOf(bitmap: usize, i: u32): u64 {
  return load<u64>(bitmap + ((<usize>i >> 6) << 3));
}

/** How many of the first `count` bits are set. */
export function countBits(bitmap: usize, count: u32): u32 {
  let sum: u64 = 0;
  for (let i: u32 = 0; i < count; i += 64) sum += popcnt(wordOf(bitmap, i));
  return <u32>sum;
}

/**
 * From a bitmap of documents to that of their entries, which was zeros.
 *
 * @param documentEntries u32 x documents + 1: first entry of each
 */
export function spreadBits(documentBits: usize, documents: u32, documentEntries: usize, entryBits: usize): void {
  for (let i: u32 = 0; i < documents; i += 64) {
    for (let word = wordOf(documentBits, i); word != 0; word &= word - 1) {
      const at = documentEntries + ((<usize>i + <usize>ctz(word)) << 2);
      const end = load<u32>(at, 4);
      for (let entry = load<u32>(at); entry < end; entry++) {
        const byte = entryBits + (entry >> 3);
        store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(entry & 7)));
      }
    }
  }
}
