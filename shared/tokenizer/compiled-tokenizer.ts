/** The tokenizer as the kernel reads it: flat tables, nothing to parse per token. */
import type { UnigramOptions, WordPieceOptions } from "../artifact/model-metadata.ts";

/**
 * What `compileTokenizer` makes of a tokenizer.json, and what a model file stores.
 * `docs/model-file.md` describes every table byte by byte.
 */
export type CompiledTokenizer = CompiledWordPiece | CompiledUnigram;

/** The kinds of tokenizers that the kernel has. */
export type TokenizerKind = CompiledTokenizer["kind"];

interface Compiled {
  readonly vocabularySize: number;
  /** The unknown token, which is never pooled; null if unknown tokens are pooled like all others. */
  readonly unkTokenId: number | null;
  /** Median code points per vocabulary token, as Python's `int(np.median(...))`. */
  readonly medianTokenLength: number;
}

export interface CompiledWordPiece extends Compiled {
  readonly kind: "wordpiece";
  readonly options: WordPieceOptions;
  readonly tables: WordPieceTables;
}

export interface CompiledUnigram extends Compiled {
  readonly kind: "unigram";
  readonly options: UnigramOptions;
  readonly tables: UnigramTables;
}

interface CharacterTables {
  /** Added tokens, matched literally before anything else. */
  readonly added_tokens: Uint32Array;
  /** Code point >> 7 to the number of its block. */
  readonly character_index: Uint16Array;
  /** Blocks of 128 character values. */
  readonly character_blocks: Uint16Array;
  /** What the characters turn into that do not stay as they are. */
  readonly character_records: Uint8Array;
}

/** The tables of a compiled WordPiece tokenizer, in the order in which the file stores them. */
export interface WordPieceTables extends CharacterTables {
  /** Hash buckets over the vocabulary. */
  readonly vocabulary_slots: Uint32Array;
  /** The tokens themselves with their ids, in id order. */
  readonly vocabulary_entries: Uint8Array;
}

/** The tables of a compiled Unigram tokenizer, in the order in which the file stores them. */
export interface UnigramTables extends CharacterTables {
  /** SentencePiece's map from graphemes to what they become; empty if there is none. */
  readonly charsmap: Uint8Array;
  /** Code point >> 7 to the number of its block; empty without a charsmap. */
  readonly grapheme_index: Uint16Array;
  /** Blocks of 128 classes, which say where graphemes end. */
  readonly grapheme_blocks: Uint16Array;
  /** A double array over the tokens' bytes. */
  readonly vocabulary_trie: Uint32Array;
  /** The score of every token of the vocabulary, then the lowest of them. */
  readonly vocabulary_scores: Float64Array;
  /** The tokens for the 256 bytes, into which unknown characters fall apart; empty if they do not. */
  readonly byte_tokens: Uint32Array;
}
