import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { decontaminate } from "../../distill-job/corpus/decontaminate.ts";
import { deduplicate } from "../../distill-job/corpus/deduplicate.ts";
import { mix } from "../../distill-job/corpus/mix.ts";
import { readTextBatches, readTexts, type TextBatch } from "../../distill-job/corpus/read-texts.ts";

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "nearvec-corpus-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, name), content);
  return join(directory, name);
}

describe("texts are read from", () => {
  test.each<[string, string, string, string[] | undefined, string[]]>([
    ["lines", "a.txt", "\uFEFFone  two\r\n\n three \n", undefined, ["one two", "three"]],
    [
      "fields of objects, title first",
      "a.jsonl",
      '{"_id": "1", "text": "body", "title": "head"}\n\n"plain"\n',
      undefined,
      ["head body", "plain"],
    ],
    ["the field that is named", "a.jsonl", '{"text": "no", "gloss": "yes"}', ["gloss"], ["yes"]],
    [
      "columns, with quotes, separators and line breaks in them",
      "a.csv",
      'id,text\r\n1,"a ""quoted"", text"\r\n2,"two\nlines"\r\n3,a "stray quote\r\n4,\r\n',
      undefined,
      ['a "quoted", text', "two lines", 'a "stray quote'],
    ],
    ["columns between tabs", "a.tsv", "score\tsentence1\tsentence2\n5\tA, b\tC\n", ["sentence2"], ["C"]],
    ["a last record that ends in a separator", "a.csv", "text,id\nlast,", undefined, ["last"]],
  ])("%s", async (_, name, content, fields, texts) => {
    expect(await readTexts(await fileWith(name, content), fields)).toEqual(texts);
  });

  test("lines that lie across the pieces in which a file is read", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => "\u{1F980}é中a".repeat((i * 37) % 200) + i);
    const path = await fileWith("long.txt", lines.join("\n"));
    expect(await readTexts(path)).toEqual(lines);
    const batches: TextBatch[] = [];
    for await (const batch of readTextBatches([path])) batches.push(batch);
    const { size } = await stat(path);
    expect(size).toBeGreaterThan(2 * 1024 * 1024);
    expect(batches.length).toBeGreaterThan(2);
    expect(batches.at(-1)).toMatchObject({ bytes: size, totalBytes: size });
    expect(batches.flatMap(({ texts }) => texts)).toEqual(lines);
  });

  test("folders, in the order of the paths", async () => {
    const file = await fileWith("b.txt", "second");
    const folder = join(file, "..");
    await mkdir(join(folder, "a"));
    await writeFile(join(folder, "a", "x.jsonl"), '{"text":"first"}');
    await writeFile(join(folder, "README.md"), "not a text");
    expect(await readTexts(folder)).toEqual(["first", "second"]);
  });
});

test.each<[string, string, string | Uint8Array, string[] | undefined, RegExp]>([
  ["no such column", "a.csv", "id,label\n1,2", undefined, /it has id, label\. Choose with --field/],
  [
    "one of the columns is missing",
    "a.csv",
    "text,label\n1,2",
    ["text", "title"],
    /Expected a column text, title/,
  ],
  ["no such field", "a.jsonl", '{"id": 1}', undefined, /in line 1 of .*a\.jsonl, it has id/],
  ["no JSON", "a.jsonl", '{"text": "a"}\n{', undefined, /Expected JSON at .*a\.jsonl:2/],
  ["an unknown kind of file", "a.pdf", "x", undefined, /got .*a\.pdf/],
  ["not UTF-8", "a.txt", Uint8Array.of(0xff, 0xfe, 0x41), undefined, /Expected text in UTF-8/],
])("%s is said", async (_, name, content, fields, message) => {
  await expect(readTexts(await fileWith(name, content), fields)).rejects.toThrow(message);
});

test("a corpus that is not there is said", async () => {
  await expect(readTexts("no-corpus.txt")).rejects.toThrow(
    /Expected a corpus at no-corpus\.txt, there is none/,
  );
});

describe("duplicates", () => {
  const long = "the quick brown fox jumps over the lazy dog and runs away into the deep dark forest";
  test("are left out if they differ in case, accents and punctuation only", () => {
    expect(deduplicate(["A café!", "a cafe", "A caff"])).toEqual({
      texts: ["A café!", "A caff"],
      exact: 1,
      near: 0,
    });
  });
  test("are left out if most of their sequences of words are the same", () => {
    const result = deduplicate([long, `${long} today`, "the quick brown fox jumps over a fence"]);
    expect(result).toEqual({
      texts: [long, "the quick brown fox jumps over a fence"],
      exact: 0,
      near: 1,
    });
  });
  test("texts that share a few words stay", () => {
    const texts = ["A man is playing a guitar.", "A man is playing a flute.", "1", "2", "?", "!"];
    expect(deduplicate(texts).texts).toEqual(texts);
  });
});

test("evaluation texts, excerpts of them and texts that quote them are taken out", () => {
  const evaluation = [
    "A young child is riding a horse.",
    "Zero-dimensional biomaterials show inductive properties in vivo.",
  ];
  const clean = ["A child reads a book about a horse.", "Biomaterials are studied in vivo."];
  const dirty = [
    "a young child is riding a HORSE",
    "He said: a young child is riding a horse, and laughed.",
    "dimensional biomaterials show inductive properties in vivo",
  ];
  expect(decontaminate([...dirty, ...clean], evaluation)).toEqual({ texts: clean, removed: 3 });
});

describe("a mixture", () => {
  const letters = Array.from("abcdefghij");
  const digits = Array.from("01234567890123456789", (digit, i) => `${digit}${i}`);
  test("has the corpora in the ratio of their weights, without repeating a text", () => {
    const mixed = mix(
      [
        { texts: letters, weight: 1 },
        { texts: digits, weight: 0.5 },
      ],
      1,
    );
    expect(mixed.filter((text) => letters.includes(text))).toEqual(letters);
    expect(mixed.filter((text) => digits.includes(text))).toHaveLength(5);
    expect(new Set(mixed).size).toBe(15);
  });
  test("takes whole what has no weight, and at most as many texts as are asked for", () => {
    expect(mix([{ texts: letters }, { texts: digits }], 1)).toEqual([...letters, ...digits]);
    expect(mix([{ texts: letters }, { texts: digits }], 1, 7)).toHaveLength(7);
  });
  test("is the same for the same seed, and another for another", () => {
    const some = (seed: number): string[] => mix([{ texts: digits }], seed, 10);
    expect(some(1)).toEqual(some(1));
    expect(some(1)).not.toEqual(some(2));
  });
});
