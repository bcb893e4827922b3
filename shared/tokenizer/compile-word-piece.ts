/** Compiles a BERT tokenizer into the tables that the kernel reads. */
import type { WordPieceOptions } from "../artifact/model-metadata.ts";
import { NearvecError } from "../errors.ts";
import { type AddedToken, buildAddedTokenTable } from "./added-token-table.ts";
import { characterTable } from "./character-table.ts";
import type { CompiledWordPiece } from "./compiled-tokenizer.ts";
import { modelType } from "./model-type.ts";
import { normalizeText, toText } from "./normalize-text.ts";
import { checkTokenIds, medianTokenLength } from "./token-statistics.ts";
import type { AddedTokenJson, BertNormalizerJson, TokenizerJson, WordPieceJson } from "./tokenizer-json.ts";
import { buildVocabularyTable } from "./vocabulary-table.ts";

/**
 * Compiles a BERT tokenizer: BertNormalizer, BertPreTokenizer, WordPiece.
 * @throws NearvecError tokenizer_unsupported, naming the part that is of another kind
 */
export function compileWordPiece(json: TokenizerJson): CompiledWordPiece {
  const model = wordPieceModel(json);
  const options = wordPieceOptions(model, bertNormalizer(json));
  expectType("pre_tokenizer", json.pre_tokenizer?.type, "BertPreTokenizer");

  const addedTokens = json.added_tokens ?? [];
  const ids = new Map<string, number>(Object.entries(model.vocab));
  const unkTokenId = ids.get(options.unkToken);
  if (unkTokenId === undefined) {
    throw unsupported(`Expected the unknown token "${options.unkToken}" in the vocabulary, it is not there.`);
  }
  for (const { content, id } of addedTokens) ids.set(content, id);
  const vocabularySize = checkTokenIds(ids);

  const characters = characterTable(options);
  const vocabulary = buildVocabularyTable(Object.entries(model.vocab), options.continuingSubwordPrefix);
  return {
    kind: "wordpiece",
    options,
    vocabularySize,
    unkTokenId,
    medianTokenLength: medianTokenLength(ids.keys()),
    tables: {
      added_tokens: buildAddedTokenTable(
        addedTokens.filter(({ content }) => content !== "").map((token) => addedToken(token, options)),
      ),
      character_index: characters.index,
      character_blocks: characters.blocks,
      character_records: characters.records,
      vocabulary_slots: vocabulary.slots,
      vocabulary_entries: vocabulary.entries,
    },
  };
}

function unsupported(message: string): NearvecError {
  return new NearvecError("tokenizer_unsupported", message, { param: "tokenizer.json" });
}

function expectType(part: string, got: string | undefined, expected: string): void {
  if (got === expected) return;
  throw unsupported(
    `Expected a tokenizer whose ${part} is ${expected}, got ${got ?? "none"}. Of WordPiece tokenizers, only BERT's are supported yet.`,
  );
}

function wordPieceModel(json: TokenizerJson): WordPieceJson {
  expectType("model", modelType(json), "WordPiece");
  return json.model as WordPieceJson;
}

function bertNormalizer(json: TokenizerJson): BertNormalizerJson {
  expectType("normalizer", json.normalizer?.type, "BertNormalizer");
  return json.normalizer as BertNormalizerJson;
}

function wordPieceOptions(model: WordPieceJson, normalizer: BertNormalizerJson): WordPieceOptions {
  const lowercase = normalizer.lowercase ?? true;
  return {
    lowercase,
    stripAccents: normalizer.strip_accents ?? lowercase,
    cleanText: normalizer.clean_text ?? true,
    handleChineseChars: normalizer.handle_chinese_chars ?? true,
    continuingSubwordPrefix: model.continuing_subword_prefix ?? "##",
    maxInputCharsPerWord: model.max_input_chars_per_word ?? 100,
    unkToken: model.unk_token,
  };
}

function addedToken(token: AddedTokenJson, options: WordPieceOptions): AddedToken {
  const normalized = token.normalized === true;
  const text = normalized ? toText(normalizeText(token.content, options)) : token.content;
  if (text === "") {
    throw unsupported(
      `Expected added tokens with text, normalization leaves nothing of ${JSON.stringify(token.content)}. Remove it.`,
    );
  }
  return {
    id: token.id,
    bytes: new TextEncoder().encode(text),
    normalized,
    singleWord: token.single_word === true,
    stripLeft: token.lstrip === true,
    stripRight: token.rstrip === true,
  };
}
