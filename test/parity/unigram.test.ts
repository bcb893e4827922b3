/** Unigram's token ids are those of the native Hugging Face tokenizer, text by text. */
import { beforeAll, describe, expect, it } from "vitest";
import type { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import { nativeScore, scoreToWrite } from "../../shared/tokenizer/native-score.ts";
import type { PartJson, TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { makeCharsmapText } from "../support/charsmap.ts";
import { expectSameIds, modelOfTokenizer } from "../support/token-ids.ts";
import {
  bertNormalizer,
  everyCharacter,
  model2vecNormalizer,
  scoreOf,
  splitAtWhitespace,
  type UnigramTokenizerOptions,
  unigramTokenizerJson,
  wholeText,
  wordByWord,
} from "../support/unigram-tokenizer.ts";
import {
  everyCodePoint,
  graphemeCharacters,
  handWrittenTexts,
  randomTexts,
  spaceFragments,
  textsOf,
} from "./texts.ts";

/** One entry for each thing that the native library does with a map. */
const charsmap: PartJson = {
  type: "Precompiled",
  precompiled_charsmap: makeCharsmapText({
    // White space, but not all of it.
    ...{ "\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u3000": " ", "\u200b": " " },
    // One character to several, to none, to the one that stands for a space.
    ...{ ﬁ: "fi", "½": " 1/2", "①": "1", "©": "(c)", "\u0301": "", "▂": "▁", "\u{1F600}": ":)" },
    // Graphemes of two characters, and characters whose graphemes are replaced whole.
    ...{ "e\u0301": "é", "a\u0308": "ä", "ｶ\uff9e": "ガ", é: "E", क: "k", "\u1100": "g", "\u0600": "P" },
    // Capital letters, of which one becomes small; the longest expansion that Unicode's own maps have.
    ...{ A: "a", "\ufdfa": "صلى الله عليه وسلم" },
  }),
};

const sequence = (...normalizers: PartJson[]): PartJson => ({ type: "Sequence", normalizers });
const replace = (pattern: object, content: string): PartJson => ({ type: "Replace", pattern, content });
const strip = (left: boolean, right: boolean): PartJson => ({
  type: "Strip",
  strip_left: left,
  strip_right: right,
});
const metaspace = (scheme: string, split: boolean): PartJson => ({
  type: "Metaspace",
  replacement: "▁",
  prepend_scheme: scheme,
  split,
});
const twoSpaces = { Regex: " {2,}" };
const noBert = { ...bertNormalizer, clean_text: false, handle_chinese_chars: false, lowercase: false };

describe.each<[string, UnigramTokenizerOptions]>([
  ["Model2Vec's normalizer", {}],
  [
    "BERT's stripping accents alone, then lowercase",
    { normalizer: model2vecNormalizer({ ...noBert, strip_accents: true }, { type: "Lowercase" }) },
  ],
  ["a character map, split at white space", { normalizer: charsmap, preTokenizer: splitAtWhitespace }],
  [
    "a character map, then Model2Vec's normalizer",
    { normalizer: model2vecNormalizer(sequence(charsmap, replace(twoSpaces, " ")), { type: "Lowercase" }) },
  ],
])("a tokenizer that knows every character, with %s", (_, options) => {
  let json: TokenizerJson;
  let model: StaticModel;
  beforeAll(async () => {
    json = unigramTokenizerJson({ vocab: everyCharacter(), ...options });
    model = await modelOfTokenizer(json);
  });

  it("agrees on the hand-written texts", () => expectSameIds(json, model, handWrittenTexts));
  it("agrees on every code point in context", () => expectSameIds(json, model, everyCodePoint()));
  it("agrees on random texts", () => expectSameIds(json, model, randomTexts(4000, 11)));
  it("agrees where graphemes end", () => expectSameIds(json, model, textsOf(graphemeCharacters, 8000, 3)));
});

describe("spaces", () => {
  /** Every character of the texts, by itself and behind a space. */
  const characters = new Set([...spaceFragments, ...graphemeCharacters].join(""));
  const vocab = ["▁", "▁▁", ...[...characters].flatMap((each) => [each, `▁${each}`])]
    .filter((token) => !token.includes(" "))
    .map((token, i) => [token, scoreOf(i)] as const);

  it.each<[string, PartJson | null, PartJson]>([
    ["no normalizer, whole text", null, wholeText],
    ["no normalizer, word by word", null, wordByWord],
    ["no normalizer, split at white space", null, splitAtWhitespace],
    ["nothing prepended", null, metaspace("never", false)],
    ["nothing prepended, word by word", null, metaspace("never", true)],
    ["prepended to the first part", null, metaspace("first", true)],
    ["stripped on the left", strip(true, false), wordByWord],
    ["stripped on both sides", strip(true, true), wholeText],
    [
      "stripped on the right, then collapsed",
      sequence(strip(false, true), replace(twoSpaces, "▁")),
      wordByWord,
    ],
    [
      "collapsed, then stripped on the left",
      sequence(replace(twoSpaces, " "), strip(true, false)),
      wholeText,
    ],
    ["collapsed, all white space", replace({ Regex: "\\s+" }, " "), wordByWord],
    ["mapped and collapsed", sequence(charsmap, replace(twoSpaces, " ")), wordByWord],
    [
      "mapped, stripped and collapsed",
      sequence(charsmap, strip(true, true), replace(twoSpaces, " ")),
      wholeText,
    ],
    [
      "stripped before marks get spaces, and again",
      sequence(
        strip(false, true),
        replace({ String: "!" }, " ! "),
        replace({ Regex: "\\s+" }, " "),
        strip(true, true),
      ),
      wholeText,
    ],
    [
      "characters replaced by spaces, and spaces by others",
      sequence(replace({ String: " " }, "▁"), replace({ String: "A" }, ""), replace({ String: "▂" }, " ▁ ")),
      wholeText,
    ],
  ])("%s", async (_, normalizer, preTokenizer) => {
    const json = unigramTokenizerJson({ vocab, normalizer, preTokenizer, addedTokens: [{ content: "<b>" }] });
    const texts = [
      ...handWrittenTexts,
      ...textsOf([...spaceFragments, "<b>"], 3000, 5),
      ...textsOf([...graphemeCharacters, " ", "<b>"], 2000, 7),
    ];
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });

  it("are taken by added tokens, and part them", async () => {
    const added = [
      { content: "<b>", lstrip: true },
      { content: "AA", rstrip: true, single_word: true },
      { content: "bc", lstrip: true, rstrip: true },
    ];
    for (const preTokenizer of [wholeText, wordByWord, metaspace("first", true), splitAtWhitespace]) {
      const json = unigramTokenizerJson({ vocab, normalizer: null, preTokenizer, addedTokens: added });
      const texts = textsOf([...spaceFragments, "<b>", "AA", " AA "], 2000, 9);
      await expectSameIds(json, await modelOfTokenizer(json), texts);
    }
  });
});

describe("the best path", () => {
  const letters = ["▁", "a", "b", "é", "中"];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  const strings = [...letters, ...pairs, ...pairs.flatMap((pair) => letters.map((third) => pair + third))];
  /** Half of them, so that some texts are unknown in part. */
  const some = strings.filter((_, i) => (i * 37) % 11 < 6);
  const byteTokens = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const bytesOf = (tokens: readonly string[]) => tokens.map((token, i) => [token, -9 - i / 7] as const);
  const scored = (tokens: readonly string[], score: (token: string, i: number) => number) =>
    tokens.map((token, i) => [token, score(token, i)] as const);
  // Equal lengths, equal scores: which of many equal paths wins hangs on how their sums are rounded.
  const byLength = (token: string) => scoreOf([...token].length * 31);
  const pieces = ["a", "b", "é", "中", " ", " ", "x", "y", "▁", "ab", "aba", "<unk>", "<0x41>"];

  it.each<[string, UnigramTokenizerOptions]>([
    ["among equals", { vocab: scored(strings, byLength) }],
    ["among all kinds", { vocab: scored(strings, (_, i) => scoreOf(i)) }],
    ["with holes", { vocab: scored(some, byLength) }],
    [
      "with positive scores",
      { vocab: [...scored(some, (_, i) => i / 3), ["<unk>b", 7], ["xy", 3], ["xx", -30]] },
    ],
    [
      "with unknown text that is a token as a whole",
      { vocab: [...scored(some, byLength), ["<unk><unk>", -99]] },
    ],
    [
      "with tokens twice, with spaces, and empty",
      {
        vocab: [...scored(some, byLength), ...scored(strings, (_, i) => scoreOf(i)), ["a b", -99], ["", -3]],
      },
    ],
    [
      "falling back to bytes",
      { byteFallback: true, vocab: [["▁", -3], ...bytesOf(byteTokens), ...scored(some, byLength)] },
    ],
    [
      "falling back to some bytes",
      {
        byteFallback: true,
        vocab: [["▁", -3], ...bytesOf(byteTokens.filter((_, i) => i % 5 > 0)), ...scored(some, byLength)],
      },
    ],
  ])("%s", async (_, options) => {
    for (const preTokenizer of [wholeText, splitAtWhitespace]) {
      const json = unigramTokenizerJson({ normalizer: null, preTokenizer, ...options });
      // Without the token itself among the added ones, text can have it.
      const whole = { ...json, added_tokens: [] };
      const texts = [...textsOf(pieces, 3000, 13), ...textsOf(pieces, 20, 17, 1200)];
      await expectSameIds(whole, await modelOfTokenizer(whole), texts);
      const decompiled = decompileTokenizer(compileTokenizer(whole));
      await expectSameIds(decompiled, await modelOfTokenizer(whole), texts.slice(0, 1000));
    }
  });

  it("goes over tokens of 255 bytes, and no longer ones", async () => {
    const json = (length: number) =>
      unigramTokenizerJson({
        normalizer: null,
        vocab: [
          ["x", -9],
          ["▁", -9],
          ["x".repeat(length), -1],
        ],
      });
    const texts = [254, 255, 256, 510, 511].map((length) => "x".repeat(length));
    await expectSameIds(json(255), await modelOfTokenizer(json(255)), texts);
    expect(() => compileTokenizer(json(256))).toThrow(/at most 255 bytes, got one of 256/);
  });
});

describe("the scores", () => {
  it("are the native library's, which rounds twice", async () => {
    // Two tokens or one, nearly as likely, so that the last place of a score decides.
    const pairs = Array.from({ length: 2000 }, (_, i) => {
      const [first, second] = [String.fromCodePoint(0x4e00 + 2 * i), String.fromCodePoint(0x4e01 + 2 * i)];
      const scores = [scoreOf(i), scoreOf(i + 1)] as const;
      return {
        text: first + second,
        tokens: [first, second],
        scores,
        sum: nativeScore(scores[0]) + nativeScore(scores[1]),
      };
    });
    const json = unigramTokenizerJson({
      normalizer: null,
      preTokenizer: metaspace("never", false),
      vocab: pairs.flatMap(({ text, tokens, scores, sum }) => [
        [tokens[0]!, scores[0]] as const,
        [tokens[1]!, scores[1]] as const,
        [text, sum] as const,
      ]),
    });
    const rounded = pairs.filter(({ sum }) => nativeScore(sum) !== sum);
    expect(rounded.length).toBeGreaterThan(50);
    const texts = pairs.map(({ text }) => text);
    await expectSameIds(json, await modelOfTokenizer(json), texts);
  });

  it("come out the same when they are written and read again", () => {
    // For the last one, that takes another number than itself.
    for (const score of [...Array.from({ length: 5000 }, (_, i) => scoreOf(i)), 0, -5.697661836112644e-8]) {
      const parsed = nativeScore(score);
      expect(nativeScore(scoreToWrite(parsed))).toBe(parsed);
    }
    expect(scoreToWrite(nativeScore(-5.697661836112644e-8))).not.toBe(nativeScore(-5.697661836112644e-8));
  });
});
