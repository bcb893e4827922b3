/** `nearvec index` against a worker of its own: what is found afterwards, what a second run sends, what mistakes say. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupDocuments } from "../../distill-job/index-documents/document-groups.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
let worker: RunningWorker;
let folder: string;
let model: string;

beforeAll(async () => {
  worker = await runWorker();
  folder = await mkdtemp(join(tmpdir(), "nearvec-index-"));
  await worker.upload("tiny", tinyModel());
  model = await file("tiny.safetensors", tinyModel());
}, startTimeout);
afterAll(async () => {
  await worker?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function index(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const done = promisify(execFile)(process.execPath, [nearvec, "index", "--url", worker.url, ...args]);
  return done.then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }) => ({ stdout, stderr, code }),
  );
}

/** Runs it with `--json` and the tiny model; it must succeed. */
async function indexed(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await index("--json", "--model", model, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the API, whose own tests check them
async function ask(path: string, body?: unknown): Promise<any> {
  const init =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        };
  const response = await fetch(`${worker.url}/v1/collections${path}`, init);
  return response.json();
}

const jsonl = (documents: readonly unknown[]): string =>
  documents.map((document) => `${JSON.stringify(document)}\n`).join("");

describe("nearvec index", () => {
  test("creates the collection, whose documents are found, filtered and read as they were", async () => {
    const path = await file(
      "pages.csv",
      'slug,headline,body,year\nfar/1,Far,"hello far, world",1999\nnear/2,Near,hello near edge,2024\n',
    );
    const fields = ["--id-field", "slug", "--text-field", "headline", "body", "--field", "year:number"];
    const result = await indexed(path, "-c", "pages", ...fields);
    expect(result).toMatchObject({ collection: "pages", created: true, documents: 2, segments: 1 });
    const { results } = await ask("/pages/search", {
      query: "hello edge",
      filter: { year: { $gt: 2000 } },
      include: ["text", "metadata"],
      consistency: "strong",
    });
    expect(results).toMatchObject([
      { id: "near/2", text: "Near\nhello near edge", metadata: { year: 2024 } },
    ]);
    expect(await ask("/pages/documents/far%2F1")).toMatchObject({ id: "far/1" });
  });

  test("finds what the worker itself would have found, with the same scores", async () => {
    const texts = ["hello world", "the far edge", "vectors near a world", "near the edge", "hello hello"];
    const documents = texts.map((text, i) => ({ id: `d${i}`, text }));
    await indexed(await file("same.jsonl", jsonl(documents)), "-c", "here");
    await ask("", { name: "there" });
    await ask("/there/documents", { documents });
    const query = { query: "the world near", include: ["text", "vector"], consistency: "strong" };
    const [here, there] = await Promise.all([ask("/here/search", query), ask("/there/search", query)]);
    expect(here.results.length).toBe(5);
    expect(here.results).toEqual(there.results);
  });

  test("goes on where a run broke off, and sends nothing twice", async () => {
    const documents = Array.from({ length: groupDocuments * 2 + 10 }, (_, i) => ({
      id: `d${i}`,
      text: `hello ${i}`,
    }));
    const broken = await file("many.jsonl", `${jsonl(documents)}{"id": "no text"}\n`);
    const failed = await index("--model", model, broken, "-c", "many");
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).toMatch(new RegExp(`Expected text in .*many\\.jsonl:${documents.length + 1}`));
    const mended = await file("many.jsonl", jsonl(documents));
    const result = await indexed(mended, "-c", "many");
    expect(result).toMatchObject({ created: false, documents: documents.length, segments: 3 });
    // The reader is a batch ahead of the segments, so how many were sent before the mistake was met is not certain.
    const again = await indexed(mended, "-c", "many");
    expect(again).toMatchObject({ skippedSegments: 3, skippedDocuments: documents.length, uploadedBytes: 0 });
    expect(await indexed(mended, "-c", "many", "--force")).toMatchObject({ skippedSegments: 0 });
    const { statistics } = await ask("/many");
    expect(statistics.documents).toBe(documents.length);
  });

  test("replaces a document that has changed, and leaves the others", async () => {
    const before = [
      { id: "a", text: "hello" },
      { id: "b", text: "world" },
    ];
    await indexed(await file("change.jsonl", jsonl(before)), "-c", "change");
    await indexed(await file("change.jsonl", jsonl([{ id: "a", text: "far" }])), "-c", "change");
    // Published, so that readers see it.
    await sleep(2500);
    const { data } = await ask("/change/documents");
    expect(data.map(({ id, text }: { id: string; text: string }) => [id, text])).toEqual([
      ["a", "far"],
      ["b", "world"],
    ]);
    const { results } = await ask("/change/search", { query: "hello", mode: "keyword" });
    expect(results).toEqual([]);
  });

  test.each<[string, () => Promise<string[]>, RegExp, number?]>([
    [
      "another model than the collection's",
      async () => [
        ...[await file("one.jsonl", jsonl([{ id: "1", text: "hello" }])), "-c", "here"],
        ...["--model", await file("other.safetensors", tinyModel({ seed: 2 }))],
      ],
      /Expected the collection's model tiny with SHA-256 .*other\.safetensors has .*--model/,
    ],
    [
      "a model that is not at hand",
      async () => [await file("one.jsonl", jsonl([{ id: "1", text: "hello" }])), "-c", "here"],
      /model tiny .* among models\/, it is not there.*--model/,
    ],
    [
      "a document that the worker would refuse",
      async () => [
        ...[await file("long.jsonl", jsonl([{ id: "x".repeat(600), text: "hello" }])), "-c", "here"],
        ...["--model", model],
      ],
      /id.*512/,
    ],
    [
      "a name that no collection can have",
      async () => [await file("one.jsonl", jsonl([{ id: "1", text: "hello" }])), "-c", "a b"],
      /name/,
    ],
    ["a field of no type", async () => ["x.jsonl", "-c", "here", "--field", "year:date"], /year:number/, 2],
    [
      "no worker",
      async () => ["x.jsonl", "-c", "here", "--url", "http://127.0.0.1:9"],
      /Expected a nearvec worker at http:\/\/127\.0\.0\.1:9.*npm start/,
    ],
  ])("says in one line what is wrong with %s", async (_, args, message, exitCode = 1) => {
    const { stdout, stderr, code } = await index(...(await args()));
    expect({ stdout, code }).toEqual({ stdout: "", code: exitCode });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});
