/** A vocabulary out of a corpus: words of any language, the most frequent first, found in texts as the native tokenizer finds them. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenizerAlone } from "../../distill-job/corpus/tokenizer-alone.ts";
import { checkSettings, defaultSettings } from "../../distill-job/distill-options.ts";
import { countWords } from "../../distill-job/vocabulary/count-words.ts";
import { frequentWords } from "../../distill-job/vocabulary/frequent-words.ts";
import { prepareVocabulary } from "../../distill-job/vocabulary/prepare-vocabulary.ts";
import { StaticModel } from "../../shared/static-model.ts";
import type { AddedTokenJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { oracleFor } from "../support/oracle.ts";
import { tinyTokenizerJson } from "../support/tiny-model.ts";

const options = { lowercase: true, stripAccents: true, cleanText: true, handleChineseChars: true };
const batch = (...texts: string[]) => ({ texts, bytes: texts.length, totalBytes: 10 });

describe("the words of a corpus", () => {
  it.each([
    [
      "English",
      "Don't panic, U.S. horses: 3.14 of them!",
      ["Don't", "panic", "U.S", "horses", "3.14", "of", "them"],
    ],
    ["Chinese", "一个男人在弹吉他。", ["一个", "男人", "在", "弹", "吉他"]],
    ["Japanese", "東京タワーで会う。", ["東京タワー", "で", "会う"]],
    ["Thai", "ฉันรักภาษาไทย", ["ฉัน", "รัก", "ภาษา", "ไทย"]],
    ["no language", "… —「」 !? 🦀 \t", []],
  ])("are those of %s", async (_, text, words) => {
    expect([...(await countWords([batch(text)])).keys()]).toEqual(words);
  });

  it("add up over all texts, and say how far they are", async () => {
    const progress: number[][] = [];
    const batches = [batch("a b", "b"), batch("b c"), batch()];
    const counts = await countWords(batches, (...at) => void progress.push(at));
    expect(Object.fromEntries(counts)).toEqual({ a: 1, b: 3, c: 1 });
    expect(progress).toEqual([
      [2, 10],
      [1, 10],
      [0, 10],
    ]);
  });

  it("are forgotten from the rarest on when there are too many to keep", async () => {
    const counts = await countWords([batch("a a a b b c"), batch("d a")], undefined, 3);
    expect(Object.fromEntries(counts)).toEqual({ a: 4, b: 2 });
    expect(Object.fromEntries(await countWords([batch("a a a b b c")], undefined, 1))).toEqual({ a: 3 });
  });
});

describe("the most frequent words", () => {
  const counts = new Map([
    ["rain", 2],
    ["horse", 3],
    ["Horse", 5],
    ["HORSE", 1],
    ["Zürich", 4],
    ["b", 2],
    ["c", 1],
    ["\u0301", 9],
  ]);

  it("are counted as they are normalized, equals in the order of their letters", () => {
    const all = frequentWords(counts, options, { top: 10, minCount: 1 });
    expect(all).toEqual({ words: ["Horse", "Zürich", "b", "rain", "c"], distinct: 5, rare: 0, beyondTop: 0 });
    const reversed = new Map([...counts].reverse());
    expect(frequentWords(reversed, options, { top: 10, minCount: 1 })).toEqual(all);
  });

  it("are cut to the top and to a least count", () => {
    const some = frequentWords(counts, options, { top: 3, minCount: 2 });
    expect(some).toEqual({ words: ["Horse", "Zürich", "b"], distinct: 5, rare: 1, beyondTop: 1 });
  });

  it.each([
    ["there are no words", new Map<string, number>(), 1, /Expected words in the corpus, it has none/],
    ["nothing is left of them", new Map([["\u0301", 5]]), 1, /it has none/],
    ["all are too rare", counts, 10, /at least 10 times .* of 5, "horse", comes 9 times\. Lower --min-count/],
  ])("are refused where %s", (_, words, minCount, message) => {
    expect(() => frequentWords(words, options, { top: 5, minCount })).toThrow(message);
  });
});

describe("a vocabulary with the words of a corpus", () => {
  const teacher = tinyTokenizerJson({
    words: [
      "a",
      "horse",
      "s",
      "##s",
      "一",
      "个",
      "人",
      "don",
      "'",
      "t",
      "e",
      ".",
      "g",
      "##g",
      "東",
      "京",
      "タワー",
      "##て",
    ],
  });
  const counts = new Map(
    ["horse", "zebra", "don't", "e.g", "一个", "東京タワー", "行く", "Zebra", "ภาษา", "unused1"].map(
      (word, i) => [word, 100 - i],
    ),
  );
  const settings = {
    tokenRemovePattern: "unused",
    subwords: true,
    corpusWords: { top: 8, minCount: 1 },
  };
  const texts = [
    "A zebra, zebras; don't, dont, don't's, xdon't; e.g. apple.green e.g",
    "一个人 一 个 x一个y 東京タワーて 東京 行くて",
  ];

  it("has them behind its own, and says what became of each", async () => {
    const { json, custom, fromCorpus } = await prepareVocabulary(teacher, undefined, settings, counts);
    expect(custom).toBeNull();
    expect(fromCorpus).toEqual({
      ...{ distinct: 9, rare: 0, beyondTop: 1 },
      ...{ words: 2, phrases: 5, duplicates: 1, empty: 0, removed: 0, tooLong: 0 },
    });
    const vocab = (json.model as { vocab: Record<string, number> }).vocab;
    expect(Object.keys(vocab).slice(-2)).toEqual(["zebra", "ภาษา"]);
  });

  it("looks for whole words where the script has spaces, and anywhere where it has none", async () => {
    const { json, tokenizer } = await prepareVocabulary(teacher, undefined, settings, counts);
    const alone = json.added_tokens!.filter((token: AddedTokenJson) => token.single_word);
    expect(alone.map(({ content }) => content)).toEqual(["don't", "e.g"]);
    const model = await tokenizerAlone(tokenizer);
    const ids = texts.map((text) => [...model.tokenize(text, { keepUnknown: true })]);
    expect(ids).toEqual(await oracleFor(json)(texts));
    const idOf = (content: string) => json.added_tokens!.find((token) => token.content === content)!.id;
    const found = (content: string) => ids.flat().filter((id) => id === idOf(content)).length;
    expect([found("don't"), found("e.g"), found("一个"), found("東京タワー"), found("行く")]).toEqual([
      2, 2, 2, 1, 1,
    ]);
  });

  it("comes behind a list of one's own, and stands alone without subwords", async () => {
    const alone = { ...settings, subwords: false, vocabulary: ["zebra", "New York"] };
    const prepared = await prepareVocabulary(teacher, "[PAD]", alone, counts);
    expect(prepared.custom).toMatchObject({ words: 1, phrases: 1 });
    expect(prepared.fromCorpus).toMatchObject({ words: 2, phrases: 5, duplicates: 1 });
    const vocab = (prepared.json.model as { vocab: Record<string, number> }).vocab;
    expect(Object.keys(vocab)).toEqual(["[PAD]", "[UNK]", "zebra", "horse", "ภาษา"]);
    expect(prepared.json.added_tokens!.map(({ id }) => id)).toEqual([0, 1, 5, 6, 7, 8, 9, 10]);
    expect(prepared.sequences.length).toBe(11);
  });
});

describe("nearvec distill --vocabulary-from", () => {
  const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
  const tinyTeacher = fileURLToPath(new URL("golden/tiny-teacher", import.meta.url));
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [nearvec, "distill", tinyTeacher, "--dims", "none", ...args]);
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nearvec-corpus-vocabulary-"));
    await mkdir(at("corpus"));
    await writeFile(at("corpus/a.txt"), "Zeppelins and zeppelins, one horse\n一个 zeppelins 一个\n");
    await writeFile(at("corpus/b.csv"), 'gloss,id\n"airship, airship",1\n');
    await writeFile(at("empty.txt"), "\n \n");
    await writeFile(at("marks.txt"), "... !!! ---\n、。「」\n");
    await writeFile(at("words.txt"), "airship\n");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("makes a row for every word, and says how many there were", async () => {
    const from = ["--vocabulary-from", at("corpus/a.txt"), at("corpus/b.csv"), "--field", "gloss"];
    const { stdout } = await run("-o", at("with.safetensors"), ...from, "--json");
    const { corpusVocabulary, rows } = JSON.parse(stdout);
    expect(corpusVocabulary).toMatchObject({ distinct: 6, rare: 3, beyondTop: 0, words: 2, phrases: 1 });
    const model = await StaticModel.load(await readFile(at("with.safetensors")));
    const ids = [...model.tokenize("zeppelins airship 一个").map((id) => rows - id)];
    expect(ids).toEqual([3, 2, 1]);
    for (const word of ["zeppelins", "airship", "一个"]) {
      expect(model.encode(word).some((value) => value !== 0)).toBe(true);
    }
    expect(model.metadata.provenance.vocabulary).toBe(
      "the teacher's and the 50000 words of a corpus that come most, at least 2 times",
    );
  });

  it("counts for people, too, and goes with a list and without subwords", async () => {
    const from = ["--vocabulary-from", at("corpus/a.txt"), "--top", "2", "--min-count", "1", "--no-subword"];
    const { stdout } = await run("-o", at("alone.safetensors"), ...from, "--vocabulary", at("words.txt"));
    expect(stdout).toMatch(/: 5 rows x /);
    expect(stdout).toMatch(/added +1 words, 0 phrases \(0 known already, 0 empty\)/);
    expect(stdout).toMatch(/from the corpus +2 of 5 words \(0 known already, 0 too rare, 3 beyond --top\)/);
  });

  it.each([
    ["an empty corpus", ["--vocabulary-from", "empty.txt"], "has none"],
    ["a corpus of punctuation marks", ["--vocabulary-from", "marks.txt"], "has none"],
    ["a top of none", ["--vocabulary-from", "words.txt", "--top", "0"], "Expected top"],
    ["a top that is no number", ["--vocabulary-from", "words.txt", "--top", "many"], "--top"],
  ])("refuses %s in one line", async (_, args, named) => {
    const output = at("never.safetensors");
    const files = args.map((arg) => (arg.endsWith(".txt") ? at(arg) : arg));
    const failure = await run("-o", output, ...files).catch((error: { stderr: string }) => error);
    expect(failure.stderr.trim().split("\n").length).toBe(1);
    expect(failure.stderr).toContain(named);
    await expect(readFile(output)).rejects.toThrow("ENOENT");
  });

  it.each([
    ["top", { top: 1.5, minCount: 1 }],
    ["top", { top: Number.NaN, minCount: 1 }],
    ["min-count", { top: 5, minCount: 0 }],
  ])("refuses a %s of %o", (param, corpusWords) => {
    expect(() => checkSettings({ ...defaultSettings, corpusWords })).toThrow(
      expect.objectContaining({ code: "invalid_request", param }),
    );
  });
});
