/** What the kernel's descriptor says of a model's tokenizer. */
import type {
  ModelMetadata,
  PrependScheme,
  UnigramOptions,
  WordPieceOptions,
} from "../artifact/model-metadata.ts";
import { characterBlockBits, slotsPerBucket } from "../tokenizer/table-layout.ts";
import { trieUnitWords } from "../tokenizer/unigram-layout.ts";
import * as slots from "./model-descriptor.ts";

/** Where the tables are in the kernel's memory. */
export interface TablePlaces {
  /** Byte address of a table. */
  readonly pointer: (table: string) => number;
  readonly elements: (table: string) => number;
}

/** Writes the slots of the tokenizer. */
export function describeTokenizer(
  descriptor: Uint32Array,
  { tokenizer, unkTokenId }: ModelMetadata,
  tables: TablePlaces,
): void {
  const { pointer, elements } = tables;
  descriptor[slots.slotUnkTokenId] = unkTokenId ?? slots.noToken;
  descriptor[slots.slotAddedTokensPointer] = pointer("added_tokens");
  descriptor[slots.slotAddedTokensWords] = elements("added_tokens");
  descriptor[slots.slotCharacterIndexPointer] = pointer("character_index");
  descriptor[slots.slotCharacterBlocksPointer] = pointer("character_blocks");
  descriptor[slots.slotCharacterBlocksCount] = elements("character_blocks") >> characterBlockBits;
  descriptor[slots.slotCharacterRecordsPointer] = pointer("character_records");
  descriptor[slots.slotCharacterRecordsBytes] = elements("character_records");
  if (tokenizer.kind === "wordpiece") describeWordPiece(descriptor, tokenizer, tables);
  else describeUnigram(descriptor, tokenizer, tables);
}

function describeWordPiece(
  descriptor: Uint32Array,
  options: WordPieceOptions,
  { pointer, elements }: TablePlaces,
): void {
  descriptor[slots.slotTokenizer] = slots.tokenizerWordPiece;
  descriptor[slots.slotLowercase] = Number(options.lowercase);
  descriptor[slots.slotCleanText] = Number(options.cleanText);
  descriptor[slots.slotMaxInputCharsPerWord] = options.maxInputCharsPerWord;
  descriptor[slots.slotVocabularySlotsPointer] = pointer("vocabulary_slots");
  descriptor[slots.slotVocabularyBuckets] = elements("vocabulary_slots") / slotsPerBucket;
  descriptor[slots.slotVocabularyEntriesPointer] = pointer("vocabulary_entries");
  descriptor[slots.slotVocabularyEntriesBytes] = elements("vocabulary_entries");
}

const prependNumbers: Readonly<Record<PrependScheme, number>> = {
  never: slots.prependNever,
  first: slots.prependFirst,
  always: slots.prependAlways,
};

function describeUnigram(
  descriptor: Uint32Array,
  options: UnigramOptions,
  { pointer, elements }: TablePlaces,
): void {
  descriptor[slots.slotTokenizer] = slots.tokenizerUnigram;
  descriptor[slots.slotSpaces] =
    (options.collapseSpaces ? slots.spacesCollapse : 0) |
    (options.stripLeft ? slots.spacesStripLeft : 0) |
    (options.stripRight ? slots.spacesStripRight : 0) |
    (options.splitAtSpaces ? slots.spacesSplit : 0) |
    (options.splitAtWhitespace ? slots.spacesSplitAtWhitespace : 0);
  descriptor[slots.slotPrepend] = prependNumbers[options.prependScheme];
  descriptor[slots.slotUnkId] = options.unkId;
  descriptor[slots.slotMaxExpansion] = options.maxExpansion;
  descriptor[slots.slotTriePointer] = pointer("vocabulary_trie");
  descriptor[slots.slotTrieUnits] = elements("vocabulary_trie") / trieUnitWords;
  descriptor[slots.slotScoresPointer] = pointer("vocabulary_scores");
  descriptor[slots.slotScoresCount] = elements("vocabulary_scores");
  descriptor[slots.slotByteTokensPointer] = pointer("byte_tokens");
  descriptor[slots.slotByteTokensCount] = elements("byte_tokens");
  descriptor[slots.slotCharsmapPointer] = pointer("charsmap");
  descriptor[slots.slotCharsmapBytes] = elements("charsmap");
  descriptor[slots.slotGraphemeIndexPointer] = pointer("grapheme_index");
  descriptor[slots.slotGraphemeBlocksPointer] = pointer("grapheme_blocks");
  descriptor[slots.slotGraphemeBlocksCount] = elements("grapheme_blocks") >> characterBlockBits;
}
