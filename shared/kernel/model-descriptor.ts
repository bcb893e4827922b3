/**
 * Where the kernel finds a model's tables: the u32 slots of the descriptor that the host writes
 * before it calls `configure`. Plain constants, so that AssemblyScript and TypeScript read one file.
 *
 * Pointers are byte addresses in the kernel's memory, counts are in the unit that the name says.
 */

export const slotRows = 0;
export const slotDimensions = 1;
/** One of the rowType constants. */
export const slotRowType = 2;
/** Bytes from one row to the next. */
export const slotRowBytes = 3;
/** Tokens of a window in which each distinct token counts once; 0 counts every token. */
export const slotPoolingWindow = 4;
export const slotEmbeddingsPointer = 5;
export const slotScalesPointer = 6;
/** Id of the token that is left out of the mean, or `noToken`. */
export const slotUnkTokenId = 7;
export const slotLowercase = 8;
export const slotCleanText = 9;
export const slotMaxInputCharsPerWord = 10;
export const slotAddedTokensPointer = 11;
export const slotAddedTokensWords = 12;
export const slotCharacterIndexPointer = 13;
export const slotCharacterBlocksPointer = 14;
export const slotCharacterRecordsPointer = 15;
export const slotVocabularySlotsPointer = 16;
/** Buckets of four slots. */
export const slotVocabularyBuckets = 17;
export const slotVocabularyEntriesPointer = 18;
export const slotVocabularyEntriesBytes = 19;
/** First byte that no table uses: scratch space begins here and grows at the end of memory. */
export const slotScratchPointer = 20;
export const slotCharacterBlocksCount = 21;
export const slotCharacterRecordsBytes = 22;
/** Ids run from 0 to this less 1; without a mapping, every one has a row of its own. */
export const slotVocabularySize = 23;
/** u32 of every token: its row. 0 where there is no mapping. */
export const slotMappingPointer = 24;
/** f32 of every token: what its row is multiplied by. Read only with a mapping. */
export const slotWeightsPointer = 25;
/** One of the tokenizer constants. */
export const slotTokenizer = 26;
// Unigram only.
/** One bit for each of the space constants. */
export const slotSpaces = 27;
/** One of the prepend constants. */
export const slotPrepend = 28;
/** What unknown text becomes; `slotUnkTokenId` is what is left out of the mean, if anything. */
export const slotUnkId = 29;
/** Bytes that a byte of text becomes at most. */
export const slotMaxExpansion = 30;
export const slotTriePointer = 31;
export const slotTrieUnits = 32;
export const slotScoresPointer = 33;
/** Tokens and, at the end, the lowest score. */
export const slotScoresCount = 34;
export const slotByteTokensPointer = 35;
export const slotByteTokensCount = 36;
export const slotCharsmapPointer = 37;
export const slotCharsmapBytes = 38;
export const slotGraphemeIndexPointer = 39;
export const slotGraphemeBlocksPointer = 40;
export const slotGraphemeBlocksCount = 41;
export const descriptorSlots = 42;

export const tokenizerWordPiece = 0;
export const tokenizerUnigram = 1;

/** Runs of spaces become one. */
export const spacesCollapse = 1;
export const spacesStripLeft = 2;
export const spacesStripRight = 4;
/** Every space begins a piece that is tokenized by itself. */
export const spacesSplit = 8;
/** The text is split at white space first: what begins with a space of its own gets no other. */
export const spacesSplitAtWhitespace = 16;

/** Where a text gets a space in front. */
export const prependNever = 0;
export const prependFirst = 1;
export const prependAlways = 2;

/** `slotUnkTokenId` of a model that leaves no token out. */
export const noToken = 0xffff_ffff;

export const rowTypeInt8 = 0;
export const rowTypeFloat32 = 1;
export const rowTypeInt4 = 2;
export const rowTypeInt2 = 3;
export const rowTypeInt1 = 4;

/** Tokens of the largest window in which tokens can be counted once. */
export const maxPoolingWindow = 64;
