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

// Added tokens: 257 words index the list by first byte (start of first byte b at word b, in words from
// the start of the table), then for each token: id, flags, byte length, and its bytes padded to a word.
// Within a first byte the longest comes first.
export const addedTokensIndexWords = 257;
/** The token is looked for in the normalized text, not in the raw one. */
export const addedTokenNormalized = 1;

// Unigram's trie is a double array of units of two words. The child for byte b of the unit whose first word is
// `base` is unit base ^ b, if that says so: its second word is b | (id + 1) << 8, without an id where no token ends.
export const trieUnitWords = 2;
export const trieIdShift = 8;
/** Label of a unit that is nobody's child: no byte of UTF-8. */
export const trieFreeLabel = 0xff;
/** The byte that stands for a space in the trie and in normalized text: no token has a space of its own. */
export const metaByte = 0x20;
/** Bytes of the longest token that a back pointer of the search has room for. */
export const maxUnigramTokenBytes = 255;
/** What an unknown character costs beyond the least likely token (SentencePiece's kUnkPenalty). */
export const unknownPenalty = 10;

// What a character is to the rules that keep it and its neighbours in one grapheme (UAX #29). Regional
// indicators are left out: two of them have eight bytes, and only graphemes of less than six are told apart.
export const graphemeOther = 0;
export const graphemeReturn = 1;
export const graphemeNewline = 2;
export const graphemeControl = 3;
export const graphemeExtend = 4;
/** Extends, and may stand between the consonants of a conjunct. */
export const graphemeConjunctExtend = 5;
export const graphemeLinker = 6;
export const graphemeJoiner = 7;
export const graphemePrepend = 8;
export const graphemeSpacingMark = 9;
export const graphemeLeading = 10;
export const graphemeVowel = 11;
export const graphemeTrailing = 12;
export const graphemeLeadingVowel = 13;
export const graphemeLeadingVowelTrailing = 14;
export const graphemePictographic = 15;
export const graphemeConsonant = 16;
/** Bytes from which on a grapheme is not looked up whole (tokenizers, `normalizers/precompiled.rs`). */
export const longGraphemeBytes = 6;
