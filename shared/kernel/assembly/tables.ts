/** The resident model: addresses and sizes of its tables, read once from the host's descriptor. */

import { addedTokensKindsWord } from "../../tokenizer/table-layout";
import {
  descriptorSlots,
  slotAddedTokensPointer,
  slotAddedTokensWords,
  slotByteTokensCount,
  slotByteTokensPointer,
  slotCharacterBlocksCount,
  slotCharacterBlocksPointer,
  slotCharacterIndexPointer,
  slotCharacterRecordsBytes,
  slotCharacterRecordsPointer,
  slotCharsmapBytes,
  slotCharsmapPointer,
  slotCleanText,
  slotDimensions,
  slotEmbeddingsPointer,
  slotGraphemeBlocksCount,
  slotGraphemeBlocksPointer,
  slotGraphemeIndexPointer,
  slotLowercase,
  slotMappingPointer,
  slotMaxExpansion,
  slotMaxInputCharsPerWord,
  slotPoolingWindow,
  slotPrepend,
  slotRowBytes,
  slotRows,
  slotRowType,
  slotScalesPointer,
  slotScoresCount,
  slotScoresPointer,
  slotScratchPointer,
  slotSpaces,
  slotTokenizer,
  slotTriePointer,
  slotTrieUnits,
  slotUnkId,
  slotUnkTokenId,
  slotVocabularyBuckets,
  slotVocabularyEntriesBytes,
  slotVocabularyEntriesPointer,
  slotVocabularySize,
  slotVocabularySlotsPointer,
  slotWeightsPointer,
} from "../model-descriptor";

export let rows: u32 = 0;
export let dimensions: u32 = 0;
/** One of the rowType constants. */
export let rowType: i32 = 0;
export let rowBytes: u32 = 0;
/** Tokens of a window in which each distinct token counts once; 0 counts every token. */
export let poolingWindow: u32 = 0;
export let embeddings: usize = 0;
export let scales: usize = 0;
/** Ids run from 0 to this less 1. */
export let vocabularySize: u32 = 0;
/** u32 of every token: its row; 0 where every token has a row of its own. */
export let mapping: usize = 0;
/** f32 of every token: what its row is multiplied by, where there is a mapping. */
export let weights: usize = 0;
export let unkTokenId: u32 = 0;
export let maxInputCharsPerWord: u32 = 0;
/** 0x20 where letters are lowercased: the bit that separates A from a. */
export let caseBit: u8 = 0;
export let cleanText: bool = false;
export let addedTokens: usize = 0;
export let addedTokensWords: u32 = 0;
export let hasAddedTokens: bool = false;
export let characterIndex: usize = 0;
export let characterBlocks: usize = 0;
export let characterBlocksCount: u32 = 0;
export let characterRecords: usize = 0;
export let characterRecordsBytes: u32 = 0;
export let vocabularySlots: usize = 0;
export let vocabularyBuckets: u32 = 0;
export let vocabularyEntries: usize = 0;
export let vocabularyEntriesBytes: u32 = 0;
export let scratchBase: usize = 0;
/** One of the tokenizer constants; what follows is Unigram's. */
export let tokenizer: u32 = 0;
/** The space constants that hold. */
export let spaces: u32 = 0;
/** One of the prepend constants. */
export let prepend: u32 = 0;
export let unkId: u32 = 0;
export let maxExpansion: u32 = 1;
export let trie: usize = 0;
export let trieUnits: u32 = 0;
export let scores: usize = 0;
/** Tokens, and one more for the lowest score. */
export let scoresCount: u32 = 0;
export let byteTokens: usize = 0;
export let hasByteTokens: bool = false;
export let charsmap: usize = 0;
export let charsmapBytes: u32 = 0;
export let graphemeIndex: usize = 0;
export let graphemeBlocks: usize = 0;
export let graphemeBlocksCount: u32 = 0;

/** Where the host writes the descriptor. */
export const descriptor: usize = memory.data(descriptorSlots * 4, 16);

@inline
function slot(index: i32): u32 {
  return load<u32>(descriptor + (<usize>index << 2));
}

/** Takes over what the host has written into the descriptor. */
export function readDescriptor(): void {
  rows = slot(slotRows);
  dimensions = slot(slotDimensions);
  rowType = slot(slotRowType);
  rowBytes = slot(slotRowBytes);
  poolingWindow = slot(slotPoolingWindow);
  embeddings = slot(slotEmbeddingsPointer);
  scales = slot(slotScalesPointer);
  vocabularySize = slot(slotVocabularySize);
  mapping = slot(slotMappingPointer);
  weights = slot(slotWeightsPointer);
  unkTokenId = slot(slotUnkTokenId);
  maxInputCharsPerWord = slot(slotMaxInputCharsPerWord);
  caseBit = slot(slotLowercase) ? 0x20 : 0;
  cleanText = slot(slotCleanText) != 0;
  addedTokens = slot(slotAddedTokensPointer);
  addedTokensWords = slot(slotAddedTokensWords);
  hasAddedTokens = load<u32>(addedTokens + (addedTokensKindsWord << 2)) != 0;
  characterIndex = slot(slotCharacterIndexPointer);
  characterBlocks = slot(slotCharacterBlocksPointer);
  characterBlocksCount = slot(slotCharacterBlocksCount);
  characterRecords = slot(slotCharacterRecordsPointer);
  characterRecordsBytes = slot(slotCharacterRecordsBytes);
  vocabularySlots = slot(slotVocabularySlotsPointer);
  vocabularyBuckets = slot(slotVocabularyBuckets);
  vocabularyEntries = slot(slotVocabularyEntriesPointer);
  vocabularyEntriesBytes = slot(slotVocabularyEntriesBytes);
  scratchBase = slot(slotScratchPointer);
  tokenizer = slot(slotTokenizer);
  spaces = slot(slotSpaces);
  prepend = slot(slotPrepend);
  unkId = slot(slotUnkId);
  maxExpansion = slot(slotMaxExpansion);
  trie = slot(slotTriePointer);
  trieUnits = slot(slotTrieUnits);
  scores = slot(slotScoresPointer);
  scoresCount = slot(slotScoresCount);
  byteTokens = slot(slotByteTokensPointer);
  hasByteTokens = slot(slotByteTokensCount) != 0;
  charsmap = slot(slotCharsmapPointer);
  charsmapBytes = slot(slotCharsmapBytes);
  graphemeIndex = slot(slotGraphemeIndexPointer);
  graphemeBlocks = slot(slotGraphemeBlocksPointer);
  graphemeBlocksCount = slot(slotGraphemeBlocksCount);
}
