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
/** White space that stays as it is, but is stripped from the ends of a text. Unigram only. */
export const characterWhitespace = 6;
/** The character that stands for a space in Unigram's tokens. */
export const characterMeta = 7;
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

// Added tokens: a head of words that say how much follows, then filters of 64 bytes for tokens in raw text and
// for those in normalized text, then the units of a double array, the entries, and where words begin and end.
/** Which kinds of tokens there are: 1 << addedTokenRaw, 1 << addedTokenNormalized, or both. */
export const addedTokensKindsWord = 0;
export const addedTokensUnitsWord = 1;
export const addedTokensEntriesWord = 2;
export const addedTokensFlipsWord = 3;
export const addedTokensFiltersWord = 4;
export const addedTokensHeadWords = 36;

// The kinds of added tokens. The root of each kind's trie is the unit of this number.
/** Looked for in the raw text. */
export const addedTokenRaw = 0;
/** Looked for in the normalized text. */
export const addedTokenNormalized = 1;

// A unit of the double array is the byte that leads to it, two flags, and where its children begin or, in a
// leaf, where the rest of its token is. The child by byte b of a unit is the unit at its base + b, if that says
// b. Two bytes that no UTF-8 has stand for what is no byte.
export const unitLeafBit = 256;
/** A token ends here, and longer ones go on: its leaf is the child by `labelEnd`. */
export const unitEndBit = 512;
export const unitBaseShift = 10;
/** In words from the start of the entries; leaves need no end bit. */
export const unitEntryShift = 9;
export const labelEnd = 255;
export const labelUnused = 254;

// An entry is a u32 (id | flags), then the bytes that are left of the token, a labelEnd, and zeros up to a word.
export const addedTokenIdMask = 0x7f_ffff;
/** Only where neither of the characters around it is part of a word. */
export const addedTokenSingleWord = 0x80_0000;
/** Takes the white space on its left, or on its right. */
export const addedTokenStripLeft = 0x100_0000;
export const addedTokenStripRight = 0x200_0000;
