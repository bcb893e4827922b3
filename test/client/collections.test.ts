/** Collections over HTTP: the client against a running worker. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CollectionClient, NearvecClient, type NewDocument } from "../../client/http/index.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { tinyDimensions, tinyModel } from "../workerd/tiny-model.ts";

let worker: RunningWorker;
let model: StaticModel;
let client: NearvecClient;
let notes: CollectionClient;
let count = 0;

beforeAll(async () => {
  model = await StaticModel.load(tinyModel());
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
  client = new NearvecClient({ baseUrl: worker.url });
}, startTimeout);
afterAll(async () => worker?.stop());
beforeEach(async () => {
  notes = await client.collections.create({
    name: `notes-${count++}`,
    fields: { year: "number", tags: "string[]" },
  });
});

const documents: NewDocument[] = [
  { id: "1", text: "hello world", metadata: { year: 2020, tags: ["greeting"] } },
  { id: "a/b ?%ü", text: "the edge is near", metadata: { year: 2021 } },
  { id: "3", text: "far vectors", metadata: { year: 2022, nested: { deep: [1, null, "x"] } } },
];
const strong = { consistency: "strong" } as const;

describe("documents", () => {
  test("come back as they were written, whatever their ids", async () => {
    expect(await notes.upsert(documents)).toMatchObject({
      created: 3,
      failed: 0,
      items: documents.map(({ id }) => ({ id, status: "created" })),
    });
    for (const { id, text, metadata } of documents) {
      expect(await notes.get(id)).toMatchObject({ id, text, metadata });
    }
    expect(await notes.upsert(documents)).toMatchObject({ unchanged: 3, created: 0 });
    expect(await notes.describe()).toMatchObject({
      dimensions: tinyDimensions,
      statistics: { documents: 3 },
    });
  });

  test("have a vector, which may be the caller's own", async () => {
    const vector = Float32Array.from({ length: tinyDimensions }, (_, i) => i - 3);
    await notes.upsert([{ id: "own", vector }]);
    const stored = (await notes.get("own", { vector: true })).vector!;
    const norm = Math.hypot(...vector);
    stored.forEach((value, i) => void expect(value).toBeCloseTo(vector[i]! / norm, 2));
    const { results } = await notes.search({ vector }, strong);
    expect(results[0]).toMatchObject({ id: "own", score: expect.closeTo(1, 3) });
  });

  test("are written in any number, the last of several with one id in the end", async () => {
    async function* many() {
      for (let i = 0; i < 2500; i++) yield { id: `n${i % 2400}`, text: `hello ${i < 2400 ? "near" : "far"}` };
    }
    const { items, created, updated } = await notes.upsert(many());
    expect([items.length, created, updated]).toEqual([2500, 2400, 100]);
    expect((await notes.get("n7")).text).toBe("hello far");
    const ids = new Set<string>();
    for await (const { id } of notes.list()) ids.add(id);
    expect(ids.size).toBe(2400);
    const some: string[] = [];
    for await (const { id } of notes.list({ prefix: "n123" })) some.push(id);
    expect(some.sort()).toEqual(["n123", ...Array.from({ length: 10 }, (_, i) => `n123${i}`)]);
    expect(await notes.delete([...ids])).toBe(2400);
  }, 60_000);

  test("that are wrong are reported by their place among all, the rest are written", async () => {
    const some = Array.from({ length: 1500 }, (_, i) => ({ id: `n${i}`, text: i === 1200 ? "" : "hello" }));
    const { items, failed, created } = await notes.upsert(some);
    expect([failed, created]).toEqual([1, 1499]);
    expect(items[1200]).toMatchObject({
      id: "n1200",
      status: "error",
      error: { param: "documents[1200].text" },
    });
    expect(items[1200]!.error!.message).toContain("documents[1200].text");
  });

  test("are patched and deleted", async () => {
    await notes.upsert(documents);
    expect((await notes.patch("3", { year: 2023, nested: null })).metadata).toEqual({ year: 2023 });
    expect(await notes.delete(["3", "none"])).toBe(1);
    await expect(notes.get("3")).rejects.toMatchObject({ code: "document_not_found", status: 404 });
    expect(await notes.delete("a/b ?%ü")).toBe(1);
    expect(await notes.deleteAll()).toBe(1);
  });

  test("are deleted by a filter", async () => {
    await notes.upsert(documents);
    expect(await notes.deleteMatching({ year: { $gte: 2021 } })).toBe(2);
  });

  test("go from one collection into another", async () => {
    await notes.upsert(documents);
    const copy = await client.collections.create({ name: `${notes.name}-copy` });
    expect(await copy.upsert(notes.export())).toMatchObject({ created: 3 });
    const read = async (collection: CollectionClient) => {
      const all: unknown[] = [];
      for await (const document of collection.export()) all.push(document);
      return all;
    };
    expect(await read(copy)).toEqual(await read(notes));
  });
});

describe("search", () => {
  beforeEach(() => notes.upsert(documents));

  test("by a text, a vector, a document", async () => {
    const byText = await notes.search("hello", { ...strong, include: ["text", "metadata"] });
    expect(byText.results[0]).toMatchObject(documents[0]!);
    const vector = model.encode("far vectors");
    const byVector = await notes.search({ vector }, { ...strong, top_k: 1 });
    expect(byVector.results.map(({ id, score }) => [id, score])).toEqual([["3", expect.closeTo(1, 2)]]);
    const alike = await notes.search({ id: "1" }, strong);
    expect(alike.results.map(({ id }) => id).sort()).toEqual(["3", "a/b ?%ü"]);
  });

  test("with a filter", async () => {
    const filter = { $or: [{ tags: "greeting" }, { year: { $gt: 2021 } }] };
    const { results } = await notes.search("edge", { ...strong, filter, mode: "vector" });
    expect(results.map(({ id }) => id).sort()).toEqual(["1", "3"]);
  });

  test("many at once, each as if alone", async () => {
    const { answers } = await notes.searchMany(["hello", { id: "1" }], strong);
    const alone = [await notes.search("hello", strong), await notes.search({ id: "1" }, strong)];
    expect(answers.map(({ results }) => results)).toEqual(alone.map(({ results }) => results));
  });

  test("that is wrong gets the worker's words", async () => {
    await expect(notes.search("a", { filter: { nope: 1 } })).rejects.toMatchObject({
      code: "invalid_request",
      param: expect.stringContaining("filter"),
    });
    await expect(client.collection("none").search("a")).rejects.toMatchObject({
      code: "collection_not_found",
    });
  });
});

describe("collections", () => {
  test("are made, listed and deleted", async () => {
    await expect(client.collections.create({ name: notes.name })).rejects.toMatchObject({
      code: "collection_exists",
    });
    const names: string[] = [];
    for await (const { name } of client.collections.list()) names.push(name);
    expect(names).toContain(notes.name);
    await client.collections.delete(notes.name);
    await expect(notes.describe()).rejects.toMatchObject({ code: "collection_not_found" });
  });

  test.each(["", ".", "..", "\ud800"])("and documents cannot be called %j", (name) => {
    expect(() => client.collection(name)).toThrow(expect.objectContaining({ code: "invalid_request" }));
    expect(() => notes.get(name)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
