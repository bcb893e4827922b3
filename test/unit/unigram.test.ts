/** Models with a Unigram tokenizer: what is taken, what is refused by name, and what they make of texts. */
import { beforeAll, describe, expect, it } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { NearvecError } from "../../shared/errors.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import type { CompiledUnigram } from "../../shared/tokenizer/compiled-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import type { PartJson, TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { maxUnigramTokenBytes } from "../../shared/tokenizer/unigram-layout.ts";
import { buildUnigramTrie, readUnigramTrie } from "../../shared/tokenizer/unigram-trie.ts";
import { handWrittenTexts, randomTexts } from "../parity/texts.ts";
import { makeCharsmapText } from "../support/charsmap.ts";
import { tinyModelContent } from "../support/tiny-model.ts";
import {
  bertNormalizer,
  model2vecNormalizer,
  splitAtWhitespace,
  unigramTokenizerJson,
} from "../support/unigram-tokenizer.ts";

const json = unigramTokenizerJson();
const charsmap: PartJson = {
  type: "Precompiled",
  precompiled_charsmap: makeCharsmapText({ ﬁ: "fi", "\t": " ", "e\u0301": "é" }),
};
const mapped = unigramTokenizerJson({ normalizer: charsmap, preTokenizer: splitAtWhitespace });

function compile(tokenizer: TokenizerJson): CompiledUnigram {
  const compiled = compileTokenizer(tokenizer);
  if (compiled.kind !== "unigram") throw new Error(`Expected unigram, got ${compiled.kind}`);
  return compiled;
}

describe("a compiled Unigram tokenizer", () => {
  it("says what it is, and that no token is left out of the mean", () => {
    const { kind, unkTokenId, vocabularySize, medianTokenLength, options } = compile(json);
    expect({ kind, unkTokenId, vocabularySize, medianTokenLength }).toEqual({
      kind: "unigram",
      unkTokenId: null,
      vocabularySize: 40,
      medianTokenLength: 1,
    });
    expect(options).toMatchObject({ unkId: 0, stripLeft: true, stripRight: true, collapseSpaces: true });
  });

  it.each<[string, TokenizerJson]>([
    ["Model2Vec's", json],
    ["with a character map", mapped],
    [
      "with a map in a sequence",
      unigramTokenizerJson({ normalizer: model2vecNormalizer(charsmap, bertNormalizer) }),
    ],
    [
      "with added tokens",
      unigramTokenizerJson({ addedTokens: [{ content: "<b>" }, { content: "New York" }] }),
    ],
    [
      "with bytes",
      unigramTokenizerJson({
        byteFallback: true,
        vocab: [
          ["▁", -1],
          ["<0x41>", -2],
        ],
      }),
    ],
    [
      "with tokens that no text has",
      unigramTokenizerJson({
        vocab: [
          ["a b", -9],
          ["", -3],
          ["c", -1],
          ["c", -2],
        ],
      }),
    ],
  ])("%s, decompiled and compiled again, is the same", (_, tokenizer) => {
    const compiled = compile(tokenizer);
    const decompiled = decompileTokenizer(compiled);
    expect(compileTokenizer(JSON.parse(JSON.stringify(decompiled)))).toEqual({
      ...compiled,
      // Of tokens that no text has, others take the place.
      medianTokenLength: expect.any(Number),
    });
    expect(decompiled.normalizer).toEqual(tokenizer.normalizer);
    expect(decompiled.pre_tokenizer).toEqual(tokenizer.pre_tokenizer);
    expect(decompiled.added_tokens).toMatchObject(
      tokenizer.added_tokens!.map(({ id, content, normalized }) => ({ id, content, normalized })),
    );
  });

  it("is read back out of a model file", async () => {
    for (const tokenizer of [json, mapped]) {
      const { tokenizer: read, metadata } = await readTable(modelFile(tokenizer));
      expect(read).toEqual(compile(tokenizer));
      expect(metadata.unkTokenId).toBeNull();
    }
  });
});

const replace = (pattern: object, content: string): PartJson => ({ type: "Replace", pattern, content });
const withNormalizer = (...normalizers: PartJson[]) => ({ normalizer: { type: "Sequence", normalizers } });
const spaces = replace({ Regex: " {2,}" }, "▁");
const withModel = (model: object) => ({ model: { ...json.model, ...model } });
const withToken = (token: object) => ({ added_tokens: [{ id: 0, content: "<unk>", ...token }] });

describe("a Unigram tokenizer of another kind is refused, naming", () => {
  it.each<[RegExp, object]>([
    [/normalizers in a Sequence, got none/, { normalizer: { type: "Sequence" } }],
    [/Replace of one character.*\{\}/, withNormalizer({ type: "Replace", content: " " })],
    [/tokens and scores, got none/, withModel({ vocab: { a: 1 } })],
    [/known steps, got NFKC/, withNormalizer({ type: "NFKC" })],
    [/Replace of one character.*"``"/, withNormalizer(replace({ String: "``" }, '"'))],
    [/Replace of one character.*a\+/, withNormalizer(replace({ Regex: "a+" }, "a"))],
    [/Precompiled before steps that change characters/, withNormalizer(bertNormalizer, charsmap)],
    [/Replace before steps that change no spaces/, withNormalizer(spaces, replace({ String: "!" }, " ! "))],
    [
      /spaces after those that change characters/,
      withNormalizer({ type: "Strip", strip_left: true }, replace({ String: "!" }, " ")),
    ],
    [/BertNormalizer before other steps/, withNormalizer(replace({ String: "!" }, " ! "), bertNormalizer)],
    [
      /Replace of white space before it is stripped/,
      withNormalizer({ type: "Strip", strip_right: true }, replace({ String: " " }, "x"), {
        type: "Strip",
        strip_right: true,
      }),
    ],
    [/no combining marks/, withNormalizer(bertNormalizer, replace({ String: "\u302e" }, "x"))],
    [/no Replace of Hangul/, withNormalizer(bertNormalizer, replace({ String: "\u1100" }, "x"))],
    [
      /precompiled_charsmap of SentencePiece/,
      withNormalizer({ type: "Precompiled", precompiled_charsmap: "AAAA" }),
    ],
    [/base64/, withNormalizer({ type: "Precompiled", precompiled_charsmap: "%" })],
    [/64 times as long, got 65/, withNormalizer(replace({ String: "x" }, "y".repeat(65)))],
    [/WhitespaceSplit and Metaspace, got none/, { pre_tokenizer: null }],
    [/WhitespaceSplit and Metaspace, got ByteLevel/, { pre_tokenizer: { type: "ByteLevel" } }],
    [
      /prepend_scheme, got sometimes/,
      { pre_tokenizer: { ...json.pre_tokenizer, prepend_scheme: "sometimes" } },
    ],
    [
      /Metaspace behind WhitespaceSplit/,
      {
        pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, json.pre_tokenizer] },
      },
    ],
    [/unk_id in its vocabulary, got null/, withModel({ unk_id: null })],
    [/unk_id in its vocabulary, got 40/, withModel({ unk_id: 40 })],
    [
      /a number as the score of "a", got null/,
      withModel({
        vocab: [
          ["<unk>", 0],
          ["a", null],
        ],
      }),
    ],
    [/"▁" in the vocabulary with byte_fallback/, withModel({ byte_fallback: true, vocab: [["<unk>", 0]] })],
    [/added tokens without normalized, got "<unk>" with it/, withToken({ normalized: true })],
    [/Unigram, got BPE/, { model: { type: "BPE" } }],
  ])("%s", (message, change) => {
    const compileChanged = () => compileTokenizer({ ...json, ...change } as TokenizerJson);
    expect(compileChanged).toThrow(message);
    expect(compileChanged).toThrow(expect.objectContaining({ code: "tokenizer_unsupported" }));
  });
});

function modelFile(tokenizer: TokenizerJson): Uint8Array {
  return writeArtifact(tinyModelContent({ tokenizer, rowType: "float32", normalize: false }));
}

describe("a model with a Unigram tokenizer", () => {
  const { vocab } = json.model as { vocab: [string, number][] };
  const ids = (...tokens: string[]) => tokens.map((token) => vocab.findIndex(([each]) => each === token));
  let model: StaticModel;
  beforeAll(async () => {
    model = await StaticModel.load(modelFile(json));
  });

  it("splits a text into its likeliest tokens", () => {
    expect([...model.tokenize("A Horse, running")]).toEqual(ids("▁a", "▁horse", "▁,", "▁run", "ning"));
    expect([...model.tokenize("")]).toEqual([]);
    expect([...model.tokenize(" \t\n ")]).toEqual([]);
  });

  it("pools all rows, the unknown token's among them, as Python does", () => {
    const tokens = model.tokenize("a 漢字 rain");
    expect([...tokens]).toEqual(ids("▁a", "▁", "<unk>", "▁", "<unk>", "▁rain"));
    expect(model.tokenize("a 漢字 rain", { keepUnknown: true })).toEqual(tokens);
    const rows = model.encodeAsSequence("a 漢字 rain");
    expect(rows).toHaveLength(tokens.length);
    const vector = model.encode("a 漢字 rain");
    vector.forEach((value, i) => {
      expect(value).toBeCloseTo(rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length, 6);
    });
    const pooled = new Float32Array(model.dimensions);
    expect(model.encodeInto(tokens, pooled, 0)).toBe(tokens.length);
    expect(pooled).toEqual(vector);
  });

  it("cuts a text to maxLength tokens, and before that to as many times the median length", () => {
    // The median token has one character.
    expect([...model.tokenize("rain rain", { maxLength: 4 })]).toEqual(ids("▁rain"));
    expect([...model.tokenize("rain rain", { maxLength: 3 })]).toEqual(ids("▁", "r", "a", "i").slice(0, 3));
    expect([...model.tokenize("a!a!a!a!", { maxLength: 5 })]).toEqual(ids("▁a", "▁!", "▁a", "▁!", "▁a"));
  });

  it("takes texts of any length", () => {
    const long = "a horse in the rain! ".repeat(20_000);
    const once = [...model.tokenize("a horse in the rain! ")];
    const tokens = model.tokenize(long);
    expect(tokens).toHaveLength(once.length * 20_000);
    expect([...tokens.subarray(-once.length)]).toEqual(once);
    expect([...model.tokenize("rain")]).toEqual(ids("▁rain"));
  });

  it("has room where characters become many", async () => {
    const wide = {
      type: "Precompiled",
      precompiled_charsmap: makeCharsmapText({ "½": "abcdefgh".repeat(8) }),
    };
    const expanding = unigramTokenizerJson({ normalizer: wide });
    const tokens = (await StaticModel.load(modelFile(expanding))).tokenize("½".repeat(30_000));
    expect(tokens).toHaveLength(64 * 30_000);
  });
});

describe("a hostile model file", () => {
  const content = tinyModelContent({ tokenizer: mapped, rowType: "float32" });
  const load = (change: (tokenizer: CompiledUnigram) => CompiledUnigram) =>
    StaticModel.load(writeArtifact({ ...content, tokenizer: change(content.tokenizer as CompiledUnigram) }));

  it.each([
    ["maxExpansion", 0],
    ["maxExpansion", 65],
    ["maxExpansion", 1.5],
    ["unkId", -1],
    ["unkId", 40],
    ["stripLeft", "yes"],
    ["prependScheme", "sometimes"],
  ])("is refused for %s %s", async (name, value) => {
    const loading = load((tokenizer) => ({ ...tokenizer, options: { ...tokenizer.options, [name]: value } }));
    await expect(loading).rejects.toMatchObject({ code: "artifact_invalid" });
  });

  it.each([
    ["vocabulary_trie", new Uint32Array(511)],
    ["vocabulary_scores", new Float64Array(1)],
    ["vocabulary_scores", new Float64Array(100)],
    ["byte_tokens", new Uint32Array(255)],
    ["charsmap", new Uint8Array(7)],
    ["grapheme_index", new Uint16Array(0)],
    ["grapheme_blocks", new Uint16Array(127)],
  ])("is refused for %s of another size", async (name, table) => {
    const loading = load((tokenizer) => ({ ...tokenizer, tables: { ...tokenizer.tables, [name]: table } }));
    await expect(loading).rejects.toMatchObject({ code: "artifact_invalid" });
  });

  it("gives tokens or an error, whatever its tables say", async () => {
    const texts = [...handWrittenTexts, ...randomTexts(40, 3), "ﬁ e\u0301 rain".repeat(50)];
    const names = [
      "vocabulary_trie",
      "charsmap",
      "character_blocks",
      "character_index",
      "grapheme_blocks",
      "grapheme_index",
    ] as const;
    let refused = 0;
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let i = 0; i < 120; i++) {
      const name = names[i % names.length]!;
      const loading = load((tokenizer) => {
        const table = tokenizer.tables[name].slice();
        for (let n = 0; n < 20; n++) table[random(Math.min(table.length, 20_000))] = random(2 ** 32);
        return { ...tokenizer, tables: { ...tokenizer.tables, [name]: table } };
      });
      try {
        const model = await loading;
        for (const text of texts) model.encode(text);
      } catch (error) {
        if (!NearvecError.isInstance(error)) throw error;
        expect(error.code).toBe("artifact_invalid");
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(10);
  });
});

describe("the trie", () => {
  const tokens = Array.from({ length: 3000 }, (_, id) => ({
    id,
    bytes: new TextEncoder().encode(`${(id * 7919) % 4001}${"x".repeat(id % 7)}`),
  }));

  it("gives back what it was made of", () => {
    const back = readUnigramTrie(buildUnigramTrie(tokens), maxUnigramTokenBytes)!;
    expect(back.sort((left, right) => left.id - right.id)).toEqual(tokens);
  });

  it("is not read where it leads in circles", () => {
    const circle = buildUnigramTrie(tokens.slice(0, 1));
    // The first child's children are the root's.
    circle[(circle[0]! + tokens[0]!.bytes[0]!) * 2] = circle[0]!;
    expect(readUnigramTrie(circle, maxUnigramTokenBytes)).toBeUndefined();
  });
});
