/** Compiles a Unigram tokenizer of SentencePiece's kind into the tables that the kernel reads. */
import type { UnigramOptions } from "../artifact/model-metadata.ts";
import { NearvecError } from "../errors.ts";
import { noToken } from "../kernel/model-descriptor.ts";
import { maxTextExpansion } from "../limits.ts";
import { type AddedToken, buildAddedTokenTable } from "./added-token-table.ts";
import type { CompiledUnigram } from "./compiled-tokenizer.ts";
import { graphemeTable } from "./grapheme-table.ts";
import { type Metaspace, metaspaceOf } from "./metaspace.ts";
import { nativeScore } from "./native-score.ts";
import { checkTokenIds, medianTokenLength } from "./token-statistics.ts";
import type { AddedTokenJson, PartJson, TokenizerJson, UnigramJson } from "./tokenizer-json.ts";
import { unigramCharacters } from "./unigram-characters.ts";
import { maxUnigramTokenBytes, metaByte } from "./unigram-layout.ts";
import { type UnigramNormalizer, unigramNormalizer } from "./unigram-normalizer.ts";
import { buildUnigramTrie } from "./unigram-trie.ts";

const encoder = new TextEncoder();

/**
 * Compiles a tokenizer whose model is Unigram, whose pre_tokenizer is Metaspace with or without
 * WhitespaceSplit before it, and whose normalizer `unigramNormalizer` knows.
 *
 * Nothing is left out of the mean: model2vec 0.8 drops unknown tokens where the model has an `unk_token`,
 * and Python's Unigram has none (`StaticModel.__init__`).
 *
 * @throws NearvecError tokenizer_unsupported, naming the part that is of another kind
 */
export function compileUnigram(json: TokenizerJson): CompiledUnigram {
  const model = json.model as UnigramJson;
  if (!Array.isArray(model.vocab)) throw unsupported("a vocabulary of tokens and scores, got none");
  const ids = new Map(model.vocab.map(([token], id) => [token, id]));
  const unkId = model.unk_id;
  if (unkId === null || unkId === undefined || model.vocab[unkId] === undefined) {
    throw unsupported(`a Unigram model with an unk_id in its vocabulary, got ${unkId}`);
  }
  // As in the native library, a token of the vocabulary keeps its id when it is added.
  const addedTokens = (json.added_tokens ?? []).map((token) => ({
    ...token,
    id: ids.get(token.content) ?? token.id,
  }));
  for (const { content, id } of addedTokens) ids.set(content, id);
  const vocabularySize = checkTokenIds(ids);

  const pieces = metaspaceOf(json.pre_tokenizer as PartJson | null | undefined);
  const normalizer = unigramNormalizer((json.normalizer ?? null) as PartJson | null, pieces.replacement);
  const { table, maxExpansion } = unigramCharacters(
    normalizer,
    pieces.replacement.codePointAt(0)!,
    normalizer.unifyWhitespace || pieces.splitAtWhitespace,
  );
  if (maxExpansion > maxTextExpansion) {
    throw unsupported(
      `characters that become at most ${maxTextExpansion} times as long, got ${maxExpansion}`,
    );
  }
  const graphemes = normalizer.charsmap && graphemeTable();
  return {
    kind: "unigram",
    options: optionsOf(unkId, maxExpansion, normalizer, pieces, json),
    vocabularySize,
    unkTokenId: null,
    medianTokenLength: medianTokenLength(ids.keys()),
    tables: {
      added_tokens: buildAddedTokenTable(addedTokens.filter(({ content }) => content !== "").map(addedToken)),
      character_index: table.index,
      character_blocks: table.blocks,
      character_records: table.records,
      charsmap: normalizer.charsmap ?? new Uint8Array(0),
      grapheme_index: graphemes?.index ?? new Uint16Array(0),
      grapheme_blocks: graphemes?.blocks ?? new Uint16Array(0),
      vocabulary_trie: buildUnigramTrie(trieTokens(model, pieces.replacement)),
      vocabulary_scores: scoresOf(model),
      byte_tokens:
        model.byte_fallback === true ? byteTokens(model, unkId, pieces.replacement) : new Uint32Array(0),
    },
  };
}

function optionsOf(
  unkId: number,
  maxExpansion: number,
  normalizer: UnigramNormalizer,
  pieces: Metaspace,
  json: TokenizerJson,
): UnigramOptions {
  const { splitAtWhitespace } = pieces;
  return {
    unkId,
    maxExpansion,
    // Words that were split at white space have single spaces between them, and none around.
    collapseSpaces: normalizer.collapseSpaces || splitAtWhitespace,
    stripLeft: normalizer.stripLeft || splitAtWhitespace,
    stripRight: normalizer.stripRight || splitAtWhitespace,
    prependScheme: pieces.prependScheme,
    splitAtSpaces: pieces.splitAtSpaces,
    splitAtWhitespace,
    normalizer: withoutCharsmap((json.normalizer ?? null) as PartJson | null),
    preTokenizer: json.pre_tokenizer,
  };
}

/** The map is a table of its own. */
function withoutCharsmap(normalizer: PartJson | null): PartJson | null {
  if (normalizer?.type === "Precompiled") return { type: "Precompiled" };
  if (normalizer?.type !== "Sequence") return normalizer;
  return { ...normalizer, normalizers: (normalizer.normalizers as PartJson[]).map(withoutCharsmap) };
}

/** The tokens that a text can have: not those with a space, which is replaced, and of equal ones the last. */
function trieTokens({ vocab }: UnigramJson, replacement: string) {
  const ids = new Map(vocab.map(([token], id) => [token, id]));
  return [...ids]
    .filter(([token]) => token !== "" && !token.includes(" "))
    .map(([token, id]) => {
      const bytes = encoder.encode(token.replaceAll(replacement, String.fromCharCode(metaByte)));
      if (bytes.length > maxUnigramTokenBytes) {
        throw unsupported(`tokens of at most ${maxUnigramTokenBytes} bytes, got one of ${bytes.length}`);
      }
      return { bytes, id };
    });
}

function scoresOf({ vocab }: UnigramJson): Float64Array {
  const scores = new Float64Array(vocab.length + 1);
  let lowest = Number.POSITIVE_INFINITY;
  vocab.forEach(([token, score], id) => {
    if (!Number.isFinite(score)) throw unsupported(`a number as the score of "${token}", got ${score}`);
    scores[id] = nativeScore(score);
    lowest = Math.min(lowest, scores[id]!);
  });
  scores[vocab.length] = lowest;
  return scores;
}

/** The tokens of the 256 bytes; `noToken` where there is none. Text with such a byte stays unknown. */
function byteTokens({ vocab }: UnigramJson, unkId: number, replacement: string): Uint32Array {
  const ids = new Map(vocab.map(([token], id) => [token, id]));
  // Unknown text then has no space in it, which would be three bytes.
  if (!ids.has(replacement) || vocab[unkId]![0].includes(replacement)) {
    throw unsupported(`"${replacement}" in the vocabulary with byte_fallback, got none`);
  }
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const name = `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
    return ids.get(name) ?? noToken;
  });
}

/** Where Unigram's normalizer puts spaces is not where the text had them, so only raw text is searched. */
function addedToken(token: AddedTokenJson): AddedToken {
  if (token.normalized === true) {
    throw unsupported(`added tokens without normalized, got "${token.content}" with it`);
  }
  return {
    id: token.id,
    bytes: encoder.encode(token.content),
    normalized: false,
    singleWord: token.single_word === true,
    stripLeft: token.lstrip === true,
    stripRight: token.rstrip === true,
  };
}

function unsupported(expected: string): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    `Expected ${expected}. Such Unigram tokenizers are not supported yet.`,
    { param: "tokenizer.json" },
  );
}
