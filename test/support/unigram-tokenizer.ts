/** Small Unigram tokenizers, made by hand: what tests need without any data. */
import type { AddedTokenJson, PartJson, TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";

export interface UnigramTokenizerOptions {
  /** Tokens after `<unk>`, with their scores. */
  readonly vocab?: readonly (readonly [string, number])[];
  readonly normalizer?: PartJson | null;
  readonly preTokenizer?: PartJson;
  readonly addedTokens?: readonly Partial<AddedTokenJson>[];
  readonly byteFallback?: boolean;
}

/** Metaspace as Model2Vec writes it. */
export const wholeText: PartJson = {
  type: "Metaspace",
  replacement: "▁",
  prepend_scheme: "always",
  split: false,
};

/** Metaspace as it is without options: no token goes across a space. */
export const wordByWord: PartJson = {
  type: "Metaspace",
  replacement: "▁",
  prepend_scheme: "always",
  split: true,
};

/** What T5's tokenizer has. */
export const splitAtWhitespace: PartJson = {
  type: "Sequence",
  pretokenizers: [
    { type: "WhitespaceSplit" },
    { type: "Metaspace", replacement: "▁", add_prefix_space: true },
  ],
};

/** What Model2Vec puts behind a teacher's normalizer: spaces around punctuation, and no more than that. */
export function model2vecNormalizer(...first: PartJson[]): PartJson {
  const replace = (pattern: object, content: string): PartJson => ({ type: "Replace", pattern, content });
  return {
    type: "Sequence",
    normalizers: [
      ...first,
      ...[..."!,.'#-"].map((mark) => replace({ String: mark }, ` ${mark} `)),
      replace({ Regex: "\\s+" }, " "),
      { type: "Strip", strip_left: true, strip_right: true },
    ],
  };
}

export const bertNormalizer: PartJson = {
  type: "BertNormalizer",
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
};

/** A score as a logarithm comes out: with all the digits there are. */
export function scoreOf(number: number): number {
  return -3 * Math.log(2 + ((number * 7919) % 1009)) - number / 7e4;
}

/** Letters are unlikely, words likely. */
const defaultVocab = [
  ...[..."▁abcdefghijklmnopqrstuvwxyz"].map((token, i) => [token, -12 - i / 7] as const),
  ...["▁a", "▁horse", "▁in", "▁the", "▁rain", "▁run", "ning", "▁un", "▁!", "▁,", "▁中", "▁cafe"].map(
    (token, i) => [token, -6 - i / 7] as const,
  ),
];

/** A tokenizer.json with the given tokens after `<unk>`, which is 0. */
export function unigramTokenizerJson(options: UnigramTokenizerOptions = {}): TokenizerJson {
  const vocab = [["<unk>", 0] as const, ...(options.vocab ?? defaultVocab)];
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
  const added = (options.addedTokens ?? []).map((token, i) => ({
    content: "",
    ...plain,
    ...token,
    id: vocab.length + i,
  }));
  return {
    version: "1.0",
    added_tokens: [{ ...plain, id: 0, content: "<unk>", special: true }, ...added],
    normalizer: options.normalizer === undefined ? model2vecNormalizer(bertNormalizer) : options.normalizer,
    pre_tokenizer: options.preTokenizer ?? wholeText,
    post_processor: null,
    decoder: null,
    model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: options.byteFallback ?? false },
  };
}

/** Every character by itself, so that no difference hides behind an unknown token. */
export function everyCharacter(): (readonly [string, number])[] {
  const vocab: (readonly [string, number])[] = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint > 0x2ffff && codePoint < 0xe0000) continue;
    if (codePoint > 0xe01ff && codePoint < 0x10ff00) continue;
    if ((codePoint >= 0xd800 && codePoint <= 0xdfff) || codePoint === 0x20) continue;
    vocab.push([String.fromCodePoint(codePoint), scoreOf(codePoint)]);
  }
  return vocab;
}
