/** `nearvec search --file`: what is found in files without a worker, and how it looks. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SearchResult } from "../../shared/api/collections/search-answer.ts";
import { runNearvec, temporaryFolder } from "./run-nearvec.ts";

let docs: string;
let notes: string;
beforeAll(async () => {
  const folder = await temporaryFolder();
  docs = join(folder, "docs.jsonl");
  const records = [
    { id: "rain", text: "Horses get wet in the rain.", year: 2021, tags: ["animals"] },
    { id: "sun", text: "Cats like to lie in the sun all day.", year: 2019, tags: ["animals"] },
    { text: "An electric car needs a battery.\u001b[31m\u0007", year: 2024, tags: ["machines"] },
  ];
  await writeFile(docs, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  notes = join(folder, "notes");
  await mkdir(notes);
  const paragraphs = Array.from({ length: 30 }, (_, i) => `Nothing was said of point ${i}. `.repeat(5));
  paragraphs[20] = "The committee decided to buy a piano for the school.";
  await writeFile(join(notes, "minutes.md"), paragraphs.join("\n\n"));
});

interface LocalAnswer {
  readonly documents: number;
  readonly results: readonly SearchResult[];
}

async function search(...args: string[]): Promise<LocalAnswer> {
  const { stdout, stderr, code } = await runNearvec(["search", "--model", "nano", "--json", ...args]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return JSON.parse(stdout);
}

const idsOf = ({ results }: LocalAnswer): string[] => results.map(({ id }) => id);

describe("nearvec search --file", () => {
  test("finds by meaning and by words; what has no id is called by its line", async () => {
    expect(idsOf(await search("-f", docs, "wet", "horses"))[0]).toBe("rain");
    expect(idsOf(await search("-f", docs, "vehicle", "--mode", "vector", "-k", "1"))).toEqual([`${docs}:3`]);
    expect(idsOf(await search("-f", docs, "cats", "--mode", "keyword"))).toEqual(["sun"]);
  });

  test("filters by fields that nobody has declared", async () => {
    const answer = await search(
      "-f",
      docs,
      "animals",
      "--filter",
      '{"year": {"$lt": 2022}, "tags": "animals"}',
    );
    expect(idsOf(answer).sort()).toEqual(["rain", "sun"]);
    expect(answer.documents).toBe(3);
    expect(idsOf(await search("-f", docs, "animals", "--filter", '{"year": {"$gte": 2024}}'))).toEqual([
      `${docs}:3`,
    ]);
  });

  test("finds the passage of a long file, and names its line", async () => {
    const { results } = await search("-f", notes, "music instrument for pupils, piano", "-k", "1");
    const [hit] = results;
    expect(hit!.id).toMatch(/^minutes\.md:\d+$/);
    // The passage begins before the paragraph, and is about 1,000 characters long.
    const line = Number(hit!.id.split(":")[1]);
    expect(line).toBeLessThanOrEqual(41);
    expect(line).toBeGreaterThan(25);
    expect(hit!.snippet!.text).toContain("piano");
  });

  test("explains a score by what it is made of", async () => {
    const [hit] = (await search("-f", docs, "wet horses", "--explain")).results;
    expect(hit!.explain!.keyword!.terms.map(({ term }) => term).sort()).toEqual(["horse", "wet"]);
    expect(hit!.explain!.vector!.normalized).toBeCloseTo(1, 5);
  });

  test("shows hits to a person: words marked where colours are, nothing of the documents' own control", async () => {
    const args = ["search", "-f", docs, "wet", "horses", "--model", "nano", "--explain"];
    const plain = await runNearvec(args, { env: { NO_COLOR: "1" } });
    expect(plain).toMatchObject({ code: 0, stderr: "" });
    expect(plain.stdout).toMatch(
      /^ 1 {2}1\.000 {2}rain\n {4}Horses get wet in the rain\.\n {4}year 2021 · tags /,
    );
    expect(plain.stdout).toMatch(/ {4}vector \d\.\d{3} \(1\.00 of 1\), words \d\.\d\d \(1\.00 of 1\) = /);
    expect(plain.stdout).toMatch(/\n3 results, hybrid, of 3, nano, \d+ ms\n$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(plain.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const coloured = await runNearvec(args, { env: { FORCE_COLOR: "1" } });
    expect(coloured.stdout).toContain("\u001b[1m\u001b[36mHorses\u001b[39m\u001b[22m get ");
    expect(coloured.stdout).not.toContain("\u001b[31m");
    expect(coloured.stdout).not.toContain("\u0007");
  });

  test.each<[string, (docs: string) => string[], number, RegExp]>([
    [
      "a filter that is no JSON",
      (path) => ["-f", path, "x", "--filter", "{year}"],
      2,
      /Expected JSON, such as/,
    ],
    ["a field that no document has", (path) => ["-f", path, "x", "--filter", '{"size": 1}'], 1, /size/],
    [
      "a file that is not there",
      () => ["-f", "missing.jsonl", "x"],
      1,
      /documents at missing\.jsonl, there is nothing/,
    ],
    ["a worker's option", (path) => ["-f", path, "x", "--strong"], 2, /--file without --url and --strong/],
  ])("says in one line what is wrong with %s", async (_, args, code, message) => {
    const outcome = await runNearvec(["search", "--model", "nano", ...args(docs)]);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr.split("\n")).toHaveLength(2);
  });
});

describe("nearvec similarity", () => {
  test("is the cosine of two texts, a table of several", async () => {
    const two = await runNearvec(["similarity", "a wet horse", "horses in the rain", "--model", "nano"]);
    const cosine = Number(two.stdout);
    expect(cosine).toBeGreaterThan(0.5);
    const texts = ["a wet horse", "horses in the rain", "tax law"];
    const three = await runNearvec(["similarity", ...texts, "--model", "nano", "--json"]);
    const { similarities, ...rest } = JSON.parse(three.stdout);
    expect(rest).toEqual({ model: "nano", texts });
    expect(similarities[0][1]).toBeCloseTo(cosine, 4);
    expect(similarities[1][0]).toBe(similarities[0][1]);
    expect(similarities[2][2]).toBeCloseTo(1, 6);
    const table = await runNearvec(["similarity", ...texts, "--model", "nano"]);
    expect(table.stdout).toMatch(/^ +1 +2 +3\n {2}1 +1\.00 +0\.\d\d +-?0\.\d\d {2}a wet horse\n {2}2 /);
  });
});
