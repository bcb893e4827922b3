/**
 * Numbers that the tokenizer's compiler and the kernel must agree on.
 * Plain constants, so that AssemblyScript and TypeScript read one file.
 */

/** Code points per block of the character table: 2 ** characterBlockBits. */
export const characterBlockBits = 7;

// Values of the character table. From firstRecord on, a value names a record at (value - firstRecord) * 4 bytes.
/** Part of a word, stays as it is. */
export const characterWord = 0;
/** Removed. */
export const characterDrop = 1;
/** Becomes a space. */
export const characterSpace = 2;
/** A word of its own: punctuation. */
export const characterIsolated = 3;
/** A word of its own, with a space on either side: Chinese characters. */
export const characterSpaced = 4;
/** A Hangul syllable, decomposed by arithmetic. */
export const characterHangul = 5;
export const firstRecord = 8;

// A record is the number of its items, then for each item its kind (one of the values above),
// its canonical combining class and its length in UTF-8, one byte each, then the UTF-8 itself.

/** Slots in a bucket of the vocabulary's hash table: one 128-bit load. */
export const slotsPerBucket = 4;
/** A slot is the entry's offset / 4, then this many bits of the hash. 0 is an empty slot. */
export const slotTagBits = 10;

// An entry is a u32 (id << 9 | continuation << 8 | byte length), then the token's bytes without the
// continuation prefix, padded to 4 bytes. The first 4 bytes of the table are unused: offset 0 means empty.
export const entryIdShift = 9;
export const entryContinuationBit = 256;
export const maxTokenBytes = 255;
/** Zero bytes after the last entry, so that the kernel may load 16 at a time. */
export const entriesPaddingBytes = 16;

// Added tokens: 257 words index the list by first byte (start of first byte b at word b, in words from
// the start of the table), then for each token: id, flags, byte length, and its bytes padded to a word.
// Within a first byte the longest comes first.
export const addedTokensIndexWords = 257;
/** The token is looked for in the normalized text, not in the raw one. */
export const addedTokenNormalized = 1;
