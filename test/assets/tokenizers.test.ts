/** Real tokenizers on real texts: the kernel's token ids are the native tokenizer's. */
import { beforeAll, describe, expect, it } from "vitest";
import { NearvecError } from "../../shared/errors.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { PartJson, TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import {
  everyCodePoint,
  graphemeCharacters,
  handWrittenTexts,
  randomTexts,
  spaceFragments,
  textsOf,
} from "../parity/texts.ts";
import { readAssetText, readAssetTokenizer } from "../support/assets.ts";
import { expectSameIds, modelOfTokenizer } from "../support/token-ids.ts";
import {
  bertNormalizer,
  model2vecNormalizer,
  splitAtWhitespace,
  wholeText,
  wordByWord,
} from "../support/unigram-tokenizer.ts";

const lines = (path: string): string[] => readAssetText(path).split("\n");

describe.each([
  "tokenizers/bert-base-cased",
  "tokenizers/bert-uncased-no-model-type",
  "tokenizers/bge-small-zh",
  "static/model2vec-rs/test-model-float32",
  "static/model2vec-rs/test-model-vocab-quantized",
  "tokenizers/t5-small-unigram",
])("%s", (path) => {
  let json: TokenizerJson;
  let model: StaticModel;
  beforeAll(async () => {
    json = readAssetTokenizer(path);
    model = await modelOfTokenizer(json);
  });

  it("agrees on the hand-written texts", () => expectSameIds(json, model, handWrittenTexts));
  it("agrees on every code point in context", () => expectSameIds(json, model, everyCodePoint()));
  it("agrees on random texts", () => expectSameIds(json, model, randomTexts(20_000, 23)));
  it("agrees on white space and graphemes", () => {
    const pieces = [...spaceFragments, ...graphemeCharacters];
    return expectSameIds(json, model, textsOf(pieces, 10_000, 29));
  });
  it("agrees when it is decompiled", () => {
    const decompiled = decompileTokenizer(compileTokenizer(json));
    return expectSameIds(decompiled, model, [...handWrittenTexts, ...randomTexts(5000, 31)]);
  });
  it.each([
    "eval/stsb/sts-test.csv",
    "eval/stsb-multi-mt/stsb-de-test.csv",
    "eval/stsb-multi-mt/stsb-zh-test.csv",
    "eval/scifact/corpus.jsonl",
    "eval/banking77/test.csv",
  ])("agrees on every line of %s", (file) => expectSameIds(json, model, lines(file)));
});

describe("T5's vocabulary and character map", () => {
  const t5 = readAssetTokenizer("tokenizers/t5-small-unigram");
  const collapse: PartJson = { type: "Replace", pattern: { Regex: " {2,}" }, content: " " };
  const map = t5.normalizer as PartJson;
  const sequence = (...normalizers: PartJson[]): PartJson => ({ type: "Sequence", normalizers });

  it.each<[string, PartJson, PartJson]>([
    ["as XLM-RoBERTa has them", sequence(map, collapse), wordByWord],
    ["as Model2Vec makes them of it", model2vecNormalizer(sequence(map, collapse)), wholeText],
    ["with BERT's normalizer", model2vecNormalizer(map, bertNormalizer), splitAtWhitespace],
  ])("agree %s", async (_, normalizer, preTokenizer) => {
    const json = { ...t5, normalizer, pre_tokenizer: preTokenizer };
    const texts = [
      ...handWrittenTexts,
      ...everyCodePoint(),
      ...randomTexts(5000, 37),
      ...textsOf([...spaceFragments, ...graphemeCharacters], 5000, 41),
      ...lines("eval/stsb-multi-mt/stsb-zh-test.csv"),
    ];
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });
});

describe("tokenizers of other kinds", () => {
  it.each(["claude-bpe-nfkc", "gpt2-bytelevel-bpe", "llama-bytefallback-bpe"])(
    "%s is refused, saying what it is",
    (name) => {
      const compile = () => compileTokenizer(readAssetTokenizer(`tokenizers/${name}`));
      expect(compile).toThrow(NearvecError);
      expect(compile).toThrow(/BPE/);
    },
  );
});
