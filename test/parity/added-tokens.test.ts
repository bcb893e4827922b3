/** Added tokens are found where the native Hugging Face tokenizer finds them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import { normalizeText, toText } from "../../shared/tokenizer/normalize-text.ts";
import type { AddedTokenJson, TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { fixedNoise, tinyTokenizerJson } from "../support/tiny-model.ts";
import { expectSameIds, modelOfTokenizer } from "../support/token-ids.ts";
import { wordCharactersModule } from "./generators/word-characters.ts";

/** What a word, a space or neither can be made of, so few that tokens begin and overlap everywhere. */
const alphabet = [
  "a",
  "b",
  "A",
  "ab",
  " ",
  "  ",
  "é",
  "e\u0301",
  "中",
  "文",
  "-",
  "_",
  "\t",
  "\u3000",
  "ß",
  "🦀",
];
const words = [
  "a",
  "b",
  "##a",
  "##b",
  "ab",
  "e",
  "##e",
  "中",
  "文",
  "-",
  "_",
  "ss",
  "ß",
  "##ß",
  "🦀",
  "##🦀",
];
const options = { lowercase: true, stripAccents: true, cleanText: true, handleChineseChars: true };

/** Whole numbers below a bound, the same every time. */
function dice(seed: number): (sides: number) => number {
  const noise = fixedNoise(200_000, seed);
  let at = 0;
  return (sides) => Math.floor(((noise[at++ % noise.length]! + 1) / 2) * sides) % sides;
}

function stringOf(roll: (sides: number) => number, most: number): string {
  return Array.from({ length: 1 + roll(most) }, () => alphabet[roll(alphabet.length)]!).join("");
}

/**
 * Tokens with flags at random; of those that are looked for alike, only the first. They either take white space
 * or have it at their ends: the native library panics where a token begins in what another has taken.
 */
function randomTokens(
  roll: (sides: number) => number,
  count: number,
  strip: boolean,
): Partial<AddedTokenJson>[] {
  const seen = new Set(words);
  const tokens: Partial<AddedTokenJson>[] = [];
  for (let i = 0; i < count; i++) {
    const content = strip ? stringOf(roll, 4).trim() : stringOf(roll, 4);
    const normalized = roll(2) === 1;
    const form = toText(normalizeText(content, options));
    if (form.trim() === "" || seen.has(content) || seen.has(form)) continue;
    seen.add(content).add(form);
    const flag = () => roll(4) === 0;
    const flags = { single_word: flag(), lstrip: strip && flag(), rstrip: strip && flag(), special: flag() };
    tokens.push({ content, normalized, ...flags });
  }
  return tokens;
}

describe("tokens of all kinds, overlapping everywhere", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])("agree in vocabulary %d", async (seed) => {
    const roll = dice(seed);
    const json = tinyTokenizerJson({ words, addedTokens: randomTokens(roll, 2 + 6 * seed, seed % 2 === 0) });
    const texts = Array.from({ length: 1000 }, () => stringOf(roll, 30));
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });

  it("agree after the table has been read back", async () => {
    const roll = dice(13);
    const json = tinyTokenizerJson({ words, addedTokens: randomTokens(roll, 60, true) });
    const decompiled = decompileTokenizer(compileTokenizer(json));
    const flags = (tokenizer: TokenizerJson) =>
      tokenizer.added_tokens!.map(({ id, single_word, lstrip, rstrip, normalized }) => ({
        ...{ id, single_word, lstrip, rstrip, normalized },
      }));
    expect(flags(decompiled)).toEqual(flags(json));
    const texts = Array.from({ length: 1000 }, () => stringOf(roll, 30));
    await expectSameIds(decompiled, await modelOfTokenizer(json), texts);
  });
});

describe("single_word", () => {
  const json = tinyTokenizerJson({
    words: ["new", "york", "##er", "##s", "s", "it", "-", "中"],
    addedTokens: [
      { content: "New York", single_word: true },
      { content: "York" },
      { content: "<x>", single_word: true },
      { content: "in it", single_word: true, normalized: true },
      { content: "in", normalized: true },
      { content: "中国", single_word: true, normalized: true },
    ],
  });

  it("asks for what the native library takes for the end of a word", async () => {
    const texts = [
      "New York, New Yorkers, in New York",
      "xNew York New York_ New York- -New York",
      "New Yorks York New York\u0301 New York\u200d New York\u2040",
      "<x> <x>x x<x> <x><x> é<x> 中<x> 🦀<x>🦀",
      "in it, in its, within it, IN IT",
      "中国 中国人 在中国 a中国b",
    ];
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });

  it("takes every code point for what the native library takes it", async () => {
    const file = new URL("../../shared/tokenizer/word-characters.generated.ts", import.meta.url);
    expect(readFileSync(file, "utf8") === (await wordCharactersModule())).toBe(true);
    const texts: string[] = [];
    for (let codePoint = 0; codePoint < 0x110000; codePoint += codePoint < 0x3400 ? 1 : 61) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      texts.push(`<x>${String.fromCodePoint(codePoint)}<x>`);
    }
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });
});

describe("lstrip and rstrip", () => {
  it("take the white space that the native library takes", async () => {
    const json = tinyTokenizerJson({
      words: ["a", "b"],
      addedTokens: [
        { content: "<l>", lstrip: true },
        { content: "<r>", rstrip: true },
        { content: " a", normalized: true },
        { content: "b ", normalized: true },
      ],
    });
    const spaces = [
      9, 10, 11, 12, 13, 0x1c, 0x20, 0x85, 0xa0, 0x1680, 0x180e, 0x2000, 0x200a, 0x200b, 0x2028,
    ];
    const more = [0x2029, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff];
    const texts = [...spaces, ...more].flatMap((codePoint) => {
      const space = String.fromCodePoint(codePoint);
      return [
        `b${space} <l> a<r>${space} a`,
        `b ${space}<l>${space} a`,
        `<r>  ${space}  <l>  b`,
        `<r>${space}${space}  a`,
      ];
    });
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });

  it("leave it to a token of white space that begins there", async () => {
    const json = tinyTokenizerJson({
      words: ["a", "b"],
      addedTokens: [{ content: "<r>", rstrip: true }, { content: "  " }, { content: " a", normalized: true }],
    });
    await expectSameIds(json, await modelOfTokenizer(json), ["b<r> a", "b<r>  a", "b  <r>  b", "<r>  a  a"]);
  });
});

describe("a token of which normalization leaves nothing", () => {
  it("is refused: the native library would cut every word into its characters", () => {
    const json = tinyTokenizerJson({ addedTokens: [{ content: "\u0301", normalized: true }] });
    expect(() => compileTokenizer(json)).toThrow("normalization leaves nothing");
  });
});

describe("fifty thousand tokens", () => {
  it("are found among words, phrases and each other", async () => {
    const roll = dice(14);
    const character = () => String.fromCodePoint(0x4e00 + roll(1500));
    const contents = new Set<string>();
    while (contents.size < 40_000) {
      contents.add(Array.from({ length: 2 + roll(3) }, character).join(""));
    }
    const syllables = ["ka", "mo", "ri", "ta", "lu", "ne"];
    const word = () => Array.from({ length: 1 + roll(3) }, () => syllables[roll(6)]!).join("");
    while (contents.size < 50_000) contents.add(Array.from({ length: 2 + roll(3) }, word).join(" "));
    const addedTokens = [...contents].map((content) => ({ content, normalized: true }));
    const json = tinyTokenizerJson({
      words: [...syllables, ...syllables.map((each) => `##${each}`)],
      addedTokens,
    });
    const parts = [...contents];
    const texts = Array.from({ length: 2000 }, () =>
      Array.from({ length: 8 }, () => {
        if (roll(2) === 0) return parts[roll(parts.length)];
        return roll(2) === 0 ? character() : ` ${word()}`;
      }).join(""),
    );
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });
});
