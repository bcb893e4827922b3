/** From the compiled tables of a WordPiece tokenizer back to its tokenizer.json. */
import type { WordPieceOptions } from "../artifact/model-metadata.ts";
import { NearvecError } from "../errors.ts";
import { listAddedTokens } from "./added-token-list.ts";
import { normalizeCharacter } from "./character-facts.ts";
import type { CompiledWordPiece } from "./compiled-tokenizer.ts";
import { entriesPaddingBytes, entryContinuationBit, entryIdShift, maxTokenBytes } from "./table-layout.ts";
import type { AddedTokenJson, TokenizerJson } from "./tokenizer-json.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decompiles a WordPiece tokenizer. Compiling the result gives the same tables again.
 *
 * The tables keep what decides about token ids. What they do not keep is filled in: `special` stands for the
 * unknown token and for what is written in brackets, and a token that is looked for in normalized text is given
 * in its normalized form.
 *
 * @throws NearvecError artifact_invalid if the tables contradict themselves
 */
export function decompileWordPiece(tokenizer: CompiledWordPiece): TokenizerJson {
  const { options } = tokenizer;
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(tokenizer),
    normalizer: {
      type: "BertNormalizer",
      clean_text: options.cleanText,
      handle_chinese_chars: options.handleChineseChars,
      strip_accents: options.stripAccents,
      lowercase: options.lowercase,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: options.continuingSubwordPrefix, cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: options.unkToken,
      continuing_subword_prefix: options.continuingSubwordPrefix,
      max_input_chars_per_word: options.maxInputCharsPerWord,
      vocab: Object.fromEntries(vocabulary(tokenizer)),
    },
  };
}

/** Tokens with their ids, in id order. */
function vocabulary({ tables, options }: CompiledWordPiece): Map<string, number> {
  const { vocabulary_entries: entries } = tables;
  const prefix = options.continuingSubwordPrefix;
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const tokens = new Map<string, number>();
  const end = entries.length - entriesPaddingBytes;
  for (let at = 4; at < end; ) {
    const head = view.getUint32(at, true);
    const length = head & maxTokenBytes;
    const from = at + 4;
    at = from + ((length + 3) & ~3);
    if (at > end) throw damaged("entries of the vocabulary");
    const text = decode(entries.subarray(from, from + length));
    const continues = (head & entryContinuationBit) !== 0;
    // Without a prefix, a token stands in the table twice: for the beginning of a word and for the rest.
    tokens.set(continues ? prefix + text : text, head >>> entryIdShift);
  }
  return tokens;
}

function addedTokens({ tables, options }: CompiledWordPiece): AddedTokenJson[] {
  return listAddedTokens(tables.added_tokens).map((token) => {
    const text = decode(token.bytes);
    const content = token.normalized ? withoutAddedSpaces(text, options) : text;
    return {
      id: token.id,
      content,
      single_word: token.singleWord,
      lstrip: token.stripLeft,
      rstrip: token.stripRight,
      normalized: token.normalized,
      special: content === options.unkToken || /^(\[.+\]|<.+>)$/u.test(content),
    };
  });
}

/** The normalizer would put spaces around Chinese characters a second time. */
function withoutAddedSpaces(text: string, options: WordPieceOptions): string {
  return text.replace(/ (\P{ASCII}) /gu, (spaced, character: string) =>
    normalizeCharacter(character.codePointAt(0)!, options).length === 3 ? character : spaced,
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw damaged("UTF-8 in the tokenizer's tables", cause);
  }
}

function damaged(expected: string, cause?: unknown): NearvecError {
  return new NearvecError("artifact_invalid", `Expected whole ${expected}. The model file is damaged.`, {
    cause,
  });
}
