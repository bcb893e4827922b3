/** What a model file's header says of the tokenizer: its tables, its options, and what must hold of them. */
import type { NearvecError } from "../errors.ts";
import { maxRows, maxTextExpansion } from "../limits.ts";
import type {
  CompiledTokenizer,
  TokenizerKind,
  UnigramTables,
  WordPieceTables,
} from "../tokenizer/compiled-tokenizer.ts";
import { addedTokensHeadWords, characterBlockBits, slotsPerBucket } from "../tokenizer/table-layout.ts";
import { trieUnitWords } from "../tokenizer/unigram-layout.ts";
import {
  type ModelMetadata,
  prependSchemes,
  type UnigramOptions,
  type WordPieceOptions,
} from "./model-metadata.ts";
import type { ElementType } from "./safetensors-header.ts";

const characterTensors = {
  added_tokens: "U32",
  character_index: "U16",
  character_blocks: "U16",
  character_records: "U8",
} as const;

const wordPieceTensors: Readonly<Record<keyof WordPieceTables, ElementType>> = {
  ...characterTensors,
  vocabulary_slots: "U32",
  vocabulary_entries: "U8",
};

const unigramTensors: Readonly<Record<keyof UnigramTables, ElementType>> = {
  ...characterTensors,
  charsmap: "U8",
  grapheme_index: "U16",
  grapheme_blocks: "U16",
  vocabulary_trie: "U32",
  vocabulary_scores: "F64",
  byte_tokens: "U32",
};

/** The tables of each kind of tokenizer, in the order of the file, with their element types. */
export const tokenizerTensors: Readonly<Record<TokenizerKind, Readonly<Record<string, ElementType>>>> = {
  wordpiece: wordPieceTensors,
  unigram: unigramTensors,
};

/** The name under which the file stores a table of the tokenizer. */
export function tokenizerTensorName(table: string): string {
  return `tokenizer.${table}`;
}

/** Makes the error for something else than was expected. */
type Invalid = (expected: string, got: unknown) => NearvecError;

/**
 * Checks the tables' sizes, in elements; what is in them the kernel checks as it reads.
 * @throws what `invalid` makes
 */
export function checkTokenizerTables(
  metadata: ModelMetadata,
  sizes: Readonly<Record<string, number>>,
  invalid: Invalid,
): void {
  const { vocabularySize, unkTokenId, tokenizer } = metadata;
  const size = (name: string): number => sizes[name] ?? 0;
  const blockSize = 1 << characterBlockBits;
  const indexSize = 0x110000 >> characterBlockBits;
  const checks: [string, boolean][] = [
    ["the head of the added tokens", size("added_tokens") >= addedTokensHeadWords],
    ["a block for every 128 code points", size("character_index") === indexSize],
    ["whole blocks of characters", isPositiveMultiple(size("character_blocks"), blockSize)],
    ["whole records of characters", size("character_records") % 4 === 0],
    ["the unknown token in the vocabulary", unkTokenId === null || unkTokenId < vocabularySize],
  ];
  if (tokenizer.kind === "wordpiece") {
    checks.push(
      ["an unknown token", unkTokenId !== null],
      ["whole buckets of the vocabulary", isPositiveMultiple(size("vocabulary_slots"), slotsPerBucket)],
      ["entries of the vocabulary", size("vocabulary_entries") >= 20],
    );
  } else {
    const scores = size("vocabulary_scores");
    const hasCharsmap = size("charsmap") > 0;
    checks.push(
      ["whole units of the vocabulary's trie", isPositiveMultiple(size("vocabulary_trie"), trieUnitWords)],
      ["a score for each token of the vocabulary", scores >= 2 && scores <= vocabularySize + 1],
      ["unknown text to become a token of the vocabulary", tokenizer.unkId < scores - 1],
      ["tokens for all bytes or for none", [0, 256].includes(size("byte_tokens"))],
      ["a character map of 8 bytes or more", !hasCharsmap || size("charsmap") >= 8],
      ["a class for every 128 code points", !hasCharsmap || size("grapheme_index") === indexSize],
      ["whole blocks of classes", !hasCharsmap || isPositiveMultiple(size("grapheme_blocks"), blockSize)],
    );
  }
  for (const [expected, holds] of checks) if (!holds) throw invalid(expected, "something else");
}

function isPositiveMultiple(value: number, of: number): boolean {
  return value > 0 && value % of === 0;
}

/**
 * The tokenizer's options out of the header's JSON.
 * @throws what `invalid` makes
 */
export function parseTokenizerOptions(
  json: Readonly<Record<string, unknown>>,
  invalid: Invalid,
): ModelMetadata["tokenizer"] {
  const options = new OptionsReader(json, invalid);
  const kind = options.oneOf<CompiledTokenizer["kind"]>("kind", ["wordpiece", "unigram"]);
  return kind === "wordpiece"
    ? { kind, ...parseWordPieceOptions(options) }
    : { kind, ...parseUnigramOptions(options, json) };
}

function parseWordPieceOptions(options: OptionsReader): WordPieceOptions {
  return {
    lowercase: options.flag("lowercase"),
    stripAccents: options.flag("stripAccents"),
    cleanText: options.flag("cleanText"),
    handleChineseChars: options.flag("handleChineseChars"),
    continuingSubwordPrefix: options.text("continuingSubwordPrefix"),
    maxInputCharsPerWord: options.wholeNumber("maxInputCharsPerWord", 0, 2 ** 32 - 1),
    unkToken: options.text("unkToken"),
  };
}

function parseUnigramOptions(
  options: OptionsReader,
  json: Readonly<Record<string, unknown>>,
): UnigramOptions {
  return {
    unkId: options.wholeNumber("unkId", 0, maxRows - 1),
    maxExpansion: options.wholeNumber("maxExpansion", 1, maxTextExpansion),
    collapseSpaces: options.flag("collapseSpaces"),
    stripLeft: options.flag("stripLeft"),
    stripRight: options.flag("stripRight"),
    prependScheme: options.oneOf("prependScheme", prependSchemes),
    splitAtSpaces: options.flag("splitAtSpaces"),
    splitAtWhitespace: options.flag("splitAtWhitespace"),
    normalizer: json.normalizer ?? null,
    preTokenizer: json.preTokenizer ?? null,
  };
}

class OptionsReader {
  readonly #json: Readonly<Record<string, unknown>>;
  readonly #invalid: Invalid;

  constructor(json: Readonly<Record<string, unknown>>, invalid: Invalid) {
    this.#json = json;
    this.#invalid = invalid;
  }

  flag(name: string): boolean {
    const value = this.#json[name];
    if (typeof value === "boolean") return value;
    throw this.#invalid(`tokenizer.${name} to be true or false`, value);
  }

  text(name: string): string {
    const value = this.#json[name];
    if (typeof value === "string") return value;
    throw this.#invalid(`tokenizer.${name} to be a string`, value);
  }

  wholeNumber(name: string, least: number, most: number): number {
    const value = this.#json[name];
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.#invalid(`tokenizer.${name} to be a whole number from ${least} to ${most}`, value);
  }

  oneOf<Name extends string>(name: string, choices: readonly Name[]): Name {
    const choice = choices.find((each) => each === this.#json[name]);
    if (choice !== undefined) return choice;
    throw this.#invalid(`tokenizer.${name} to be one of ${choices.join(", ")}`, this.#json[name]);
  }
}
