/** From the compiled tables of a Unigram tokenizer back to its tokenizer.json. */
import { encodeBase64 } from "../api/base64.ts";
import { NearvecError } from "../errors.ts";
import { listAddedTokens } from "./added-token-list.ts";
import type { CompiledUnigram } from "./compiled-tokenizer.ts";
import { metaspaceOf } from "./metaspace.ts";
import { scoreToWrite } from "./native-score.ts";
import type { AddedTokenJson, PartJson, TokenizerJson, UnigramJson } from "./tokenizer-json.ts";
import { maxUnigramTokenBytes, metaByte } from "./unigram-layout.ts";
import { readUnigramTrie } from "./unigram-trie.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decompiles a Unigram tokenizer. Compiling the result gives the same tables again.
 *
 * Normalizer and pre-tokenizer are given back as they came. Of the vocabulary, tokens that no text can have
 * are not kept: their place is taken by others that no text can have.
 *
 * @throws NearvecError artifact_invalid if the tables contradict themselves
 */
export function decompileUnigram(tokenizer: CompiledUnigram): TokenizerJson {
  const { options, tables } = tokenizer;
  const preTokenizer = options.preTokenizer as PartJson;
  const { replacement, prependScheme } = metaspaceOf(preTokenizer);
  const model: UnigramJson = {
    type: "Unigram",
    unk_id: options.unkId,
    vocab: vocabulary(tokenizer, replacement),
    byte_fallback: tables.byte_tokens.length > 0,
  };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(tokenizer, model.vocab[options.unkId]![0]),
    normalizer: withCharsmap(options.normalizer as PartJson | null, tables.charsmap),
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: { type: "Metaspace", replacement, prepend_scheme: prependScheme, split: true },
    model,
  };
}

function vocabulary({ tables }: CompiledUnigram, replacement: string): [string, number][] {
  const { vocabulary_trie: trie, vocabulary_scores: scores } = tables;
  const tokens = readUnigramTrie(trie, maxUnigramTokenBytes);
  if (tokens === undefined) throw damaged("the vocabulary's trie");
  const vocab = Array.from(
    scores.subarray(0, -1),
    // Its spaces are replaced in every text, so that none has it.
    (score, id): [string, number] => [`[no token ${id}]`, scoreToWrite(score)],
  );
  for (const { bytes, id } of tokens) {
    const entry = vocab[id];
    if (entry === undefined) throw damaged("ids of the vocabulary");
    entry[0] = decode(bytes).replaceAll(String.fromCharCode(metaByte), replacement);
  }
  return vocab;
}

/** `special` stands for the unknown token and for what is written in brackets. */
function addedTokens({ tables }: CompiledUnigram, unkToken: string): AddedTokenJson[] {
  return listAddedTokens(tables.added_tokens).map(({ id, bytes, singleWord, stripLeft, stripRight }) => {
    const content = decode(bytes);
    return {
      id,
      content,
      single_word: singleWord,
      lstrip: stripLeft,
      rstrip: stripRight,
      normalized: false,
      special: content === unkToken || /^(\[.+\]|<.+>)$/u.test(content),
    };
  });
}

/** The map is a table of its own, see `withoutCharsmap`. */
function withCharsmap(normalizer: PartJson | null, charsmap: Uint8Array): PartJson | null {
  if (normalizer?.type === "Precompiled") {
    return { type: "Precompiled", precompiled_charsmap: encodeBase64(charsmap) };
  }
  if (normalizer?.type !== "Sequence") return normalizer;
  const steps = (normalizer.normalizers ?? []) as PartJson[];
  return { ...normalizer, normalizers: steps.map((step) => withCharsmap(step, charsmap)) };
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw damaged("UTF-8 in the tokenizer's tables", cause);
  }
}

function damaged(expected: string, cause?: unknown): NearvecError {
  return new NearvecError("artifact_invalid", `Expected ${expected} whole. The model file is damaged.`, {
    cause,
  });
}
