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
export const slotEmbeddingsPointer = 3;
export const slotScalesPointer = 4;
/** Row of the unknown token. */
export const slotUnkTokenId = 5;
export const slotLowercase = 6;
export const slotCleanText = 7;
export const slotMaxInputCharsPerWord = 8;
export const slotAddedTokensPointer = 9;
export const slotAddedTokensWords = 10;
export const slotCharacterIndexPointer = 11;
export const slotCharacterBlocksPointer = 12;
export const slotCharacterRecordsPointer = 13;
export const slotVocabularySlotsPointer = 14;
/** Buckets of four slots. */
export const slotVocabularyBuckets = 15;
export const slotVocabularyEntriesPointer = 16;
export const slotVocabularyEntriesBytes = 17;
/** First byte that no table uses: scratch space begins here and grows at the end of memory. */
export const slotScratchPointer = 18;
export const slotCharacterBlocksCount = 19;
export const slotCharacterRecordsBytes = 20;
export const descriptorSlots = 21;

export const rowTypeInt8 = 0;
export const rowTypeFloat32 = 1;
