/** The tokenizer as the kernel reads it: flat tables, nothing to parse per token. */
import type { WordPieceOptions } from "../artifact/model-metadata.ts";

/**
 * What `compileTokenizer` makes of a tokenizer.json, and what a model file stores.
 * `docs/model-file.md` describes every table byte by byte.
 */
export interface CompiledTokenizer {
  readonly kind: "wordpiece";
  readonly options: WordPieceOptions;
  readonly vocabularySize: number;
  readonly unkTokenId: number;
  /** Median code points per vocabulary token, as Python's `int(np.median(...))`. */
  readonly medianTokenLength: number;
  readonly tables: TokenizerTables;
}

/** The tables of a compiled WordPiece tokenizer, in the order in which the file stores them. */
export interface TokenizerTables {
  /** Added tokens, matched literally before anything else. */
  readonly added_tokens: Uint32Array;
  /** Code point >> 7 to the number of its block. */
  readonly character_index: Uint16Array;
  /** Blocks of 128 character values. */
  readonly character_blocks: Uint16Array;
  /** What the characters turn into that do not stay as they are. */
  readonly character_records: Uint8Array;
  /** Hash buckets over the vocabulary. */
  readonly vocabulary_slots: Uint32Array;
  /** The tokens themselves with their ids, in id order. */
  readonly vocabulary_entries: Uint8Array;
}
