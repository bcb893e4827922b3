/**
 * Numbers that the compiler of Unigram tokenizers and the kernel must agree on, beside those of all tokenizers.
 * Plain constants, so that AssemblyScript and TypeScript read one file.
 */

// The trie is a double array of units of two words. The child for byte b of the unit whose first word is `base`
// is unit base + b, if that says so: its second word is b | (id + 1) << 8, without an id where no token ends. Units
// that are nobody's child have labelUnused for b.
export const trieUnitWords = 2;
export const trieIdShift = 8;
/** The base of a unit without children: behind the end of every trie. */
export const trieLeafBase = 0xffff_ff00;
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
