/** LangChain.js's vector store and retriever, against a running worker. */
import { Document } from "@langchain/core/documents";
import { index, RecordManager } from "@langchain/core/indexing";
import { maximalMarginalRelevance } from "@langchain/core/utils/math";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CollectionClient, NearvecClient, type NewCollection } from "../../client/http/index.ts";
import { NearvecEmbeddings, NearvecRetriever, NearvecVectorStore } from "../../client/langchain/index.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { tinyModel } from "../workerd/tiny-model.ts";

let worker: RunningWorker;
let model: StaticModel;
let client: NearvecClient;
let collection: CollectionClient;
let store: NearvecVectorStore;
let count = 0;

beforeAll(async () => {
  model = await StaticModel.load(tinyModel());
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
  client = new NearvecClient({ baseUrl: worker.url });
}, startTimeout);
afterAll(async () => worker?.stop());

async function makeStore(settings: Omit<NewCollection, "name"> = {}): Promise<NearvecVectorStore> {
  collection = await client.collections.create({
    name: `store-${count++}`,
    fields: { year: "number" },
    whitening: "off",
    ...settings,
  });
  return new NearvecVectorStore(new NearvecEmbeddings({ source: client }), { collection });
}
beforeEach(async () => {
  store = await makeStore();
});

const texts = ["hello world", "hello edge", "the edge is near", "far vectors", "a vector", "near the world"];
const documents = texts.map(
  (pageContent, i) =>
    new Document({ pageContent, metadata: { year: 2020 + i, loc: { lines: { from: i } } } }),
);
const ids = texts.map((_, i) => `id-${i}`);

describe("documents", () => {
  test("come back with their ids, contents and metadata", async () => {
    expect(await store.addDocuments(documents, { ids })).toEqual(ids);
    const [found] = await store.similaritySearch("far vectors", 1);
    expect(found).toBeInstanceOf(Document);
    expect(found).toMatchObject({ id: "id-3", pageContent: texts[3], metadata: documents[3]!.metadata });
  });

  test("keep an id of their own, and get one otherwise", async () => {
    const given = await store.addDocuments([
      new Document({ id: "mine", pageContent: "hello" }),
      documents[3]!,
    ]);
    expect(given).toEqual(["mine", expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    const found = await store.similaritySearch("far vectors", 2);
    expect(found.map(({ id }) => id)).toEqual([given[1], given[0]]);
  });

  test("are deleted by ids, by a filter, all", async () => {
    await store.addDocuments(documents, { ids });
    const left = async () => (await store.similaritySearch("hello", 10)).map(({ id }) => id).sort();
    await store.delete({ ids: ["id-0", "id-1"] });
    expect(await left()).toEqual(ids.slice(2));
    await store.delete({ filter: { year: { $lt: 2024 } } });
    expect(await left()).toEqual(ids.slice(4));
    await store.delete({ deleteAll: true });
    expect(await left()).toEqual([]);
    await expect(store.delete({})).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("that cannot be written are an error, not a silence", async () => {
    const wrong = new Document({ pageContent: "hello", metadata: { year: "last" } });
    await expect(store.addDocuments([documents[0]!, wrong])).rejects.toMatchObject({
      code: "invalid_request",
      param: "documents[1].metadata.year",
    });
    await expect(store.addDocuments(documents, { ids: ["one"] })).rejects.toMatchObject({ param: "ids" });
  });
});

describe("search", () => {
  beforeEach(() => store.addDocuments(documents, { ids }));

  test("by a vector gives the cosines of the model in process", async () => {
    const query = model.encode("hello near");
    const expected = texts
      .map((text, i): [string, number] => [ids[i]!, dot(query, model.encode(text))])
      .sort(([, a], [, b]) => b - a);
    const found = await store.similaritySearchVectorWithScore(Array.from(query), 6);
    expect(found.map(([{ id }]) => id)).toEqual(expected.map(([id]) => id));
    found.forEach(([, score], i) => void expect(score).toBeCloseTo(expected[i]![1], 2));
    const asText = new NearvecVectorStore(store.embeddings, { collection, mode: "vector" });
    expect(await asText.similaritySearchWithScore("hello near", 6)).toEqual(found);
  });

  test("with a filter", async () => {
    const found = await store.similaritySearch("hello", 10, { year: { $in: [2021, 2024] } });
    expect(found.map(({ id }) => id).sort()).toEqual(["id-1", "id-4"]);
  });

  test("for what is alike but not the same, as LangChain's own function chooses", async () => {
    const query = model.encode("hello edge");
    const all = await store.similaritySearchVectorWithScore(Array.from(query), 5);
    const vectors = all.map(([{ pageContent }]) => Array.from(model.encode(pageContent)));
    for (const lambda of [0, 0.3, 1]) {
      const expected = maximalMarginalRelevance(Array.from(query), vectors, lambda, 3).map(
        (i) => all[i]![0].id,
      );
      const found = await store.maxMarginalRelevanceSearch("hello edge", { k: 3, fetchK: 5, lambda });
      expect(found.map(({ id }) => id)).toEqual(expected);
    }
  });

  test("through retrievers", async () => {
    const plain = await store.asRetriever({ k: 2, filter: { year: 2023 } }).invoke("far");
    expect(plain.map(({ id }) => id)).toEqual(["id-3"]);
    const diverse = await store
      .asRetriever({ k: 2, searchType: "mmr", searchKwargs: { fetchK: 6 } })
      .invoke("hello");
    expect(diverse.length).toBe(2);
    const retriever = new NearvecRetriever({
      collection,
      search: { top_k: 1, mode: "keyword", consistency: "strong" },
    });
    expect(await retriever.invoke("far")).toMatchObject([{ id: "id-3", pageContent: texts[3] }]);
  });
});

test("finds passages of documents that the collection cuts", async () => {
  store = await makeStore({ chunking: { by: "sentences", max_characters: 64 } });
  const sentence = "The world is near and a world is near and the world is so near.";
  const pageContent = `${sentence} The edge of a vector is far and vectors are far and very far.`;
  await store.addDocuments([new Document({ pageContent })]);
  const [whole] = await store.similaritySearch("far vectors", 1);
  expect(whole!.pageContent).toBe(pageContent);
  const passages = new NearvecVectorStore(store.embeddings, { collection, content: "passage" });
  const [passage] = await passages.similaritySearch("far vectors", 1);
  expect(passage!.pageContent.trim()).toBe(pageContent.slice(sentence.length + 1));
});

test("takes any other embeddings, whose vectors go along", async () => {
  // Eight numbers whatever the text: the worker would make others.
  const embeddings = new (class extends FakeEmbeddings {
    override embedQuery = async (text: string) =>
      Array.from({ length: 8 }, (_, i) => Number(i === text.length % 8));
    override embedDocuments = (all: string[]) => Promise.all(all.map((text) => this.embedQuery(text)));
  })();
  const other = await NearvecVectorStore.fromTexts(texts, { year: 1 }, embeddings, {
    collection,
    mode: "vector",
  });
  const [[found, score] = []] = await other.similaritySearchWithScore("x".repeat(texts[3]!.length), 1);
  expect([found!.pageContent.length % 8, score]).toEqual([texts[3]!.length % 8, expect.closeTo(1, 3)]);
});

describe("LangChain's index()", () => {
  const indexed = (docsSource: Document[], cleanup: "full" | "incremental" = "full") =>
    index({
      docsSource,
      recordManager: records,
      vectorStore: store,
      options: { cleanup, sourceIdKey: "file" },
    });
  let records: RecordManager;
  beforeEach(() => {
    records = new MemoryRecords();
  });

  test("adds what is new, skips what is there, and deletes what is gone", async () => {
    expect(await indexed(documents.slice(0, 4))).toMatchObject({ numAdded: 4, numDeleted: 0, numSkipped: 0 });
    expect(await indexed(documents.slice(1, 5))).toMatchObject({ numAdded: 1, numDeleted: 1, numSkipped: 3 });
    const left = await store.similaritySearch("hello", 10);
    expect(left.map(({ pageContent }) => pageContent).sort()).toEqual(texts.slice(1, 5).sort());
    expect(await indexed([])).toMatchObject({ numDeleted: 4 });
    expect((await collection.describe()).statistics.documents).toBe(0);
  });

  test("replaces what a file had before, and leaves other files alone", async () => {
    const passage = (file: string, pageContent: string) => new Document({ pageContent, metadata: { file } });
    const stored = async () => {
      const documents: string[] = [];
      for await (const { text } of collection.list()) documents.push(text);
      return documents.sort();
    };
    const first = [passage("a", "hello world"), passage("a", "far vectors"), passage("b", "a vector")];
    expect(await indexed(first, "incremental")).toMatchObject({ numAdded: 3, numDeleted: 0 });
    const changed = [passage("a", "hello world"), passage("a", "near vectors")];
    const outcome = { numAdded: 1, numSkipped: 1, numDeleted: 1 };
    expect(await indexed(changed, "incremental")).toMatchObject(outcome);
    expect(await stored()).toEqual(["a vector", "hello world", "near vectors"]);
    expect(await indexed(changed, "incremental")).toMatchObject({
      numAdded: 0,
      numSkipped: 2,
      numDeleted: 0,
    });
  });

  test("gives documents the ids that its records have", async () => {
    await indexed(documents);
    const found = await store.similaritySearch("hello", 10);
    expect(found).toHaveLength(documents.length);
    expect(await records.exists(found.map(({ id }) => id!))).toEqual(found.map(() => true));
  });
});

class MemoryRecords extends RecordManager {
  override lc_namespace = ["test"];
  readonly #records = new Map<string, { at: number; group: string | null }>();
  #clock = 0;

  override async createSchema(): Promise<void> {}
  override async getTime(): Promise<number> {
    return ++this.#clock;
  }
  override async update(keys: string[], options: { groupIds?: (string | null)[] } = {}): Promise<void> {
    keys.forEach((key, i) => {
      this.#records.set(key, { at: ++this.#clock, group: options.groupIds?.[i] ?? null });
    });
  }
  override async exists(keys: string[]): Promise<boolean[]> {
    return keys.map((key) => this.#records.has(key));
  }
  override async listKeys({
    before = Number.POSITIVE_INFINITY,
    groupIds,
  }: {
    before?: number;
    groupIds?: (string | null)[];
  } = {}): Promise<string[]> {
    return [...this.#records]
      .filter(([, { at, group }]) => at < before && (groupIds === undefined || groupIds.includes(group)))
      .map(([key]) => key);
  }
  override async deleteKeys(keys: string[]): Promise<void> {
    for (const key of keys) this.#records.delete(key);
  }
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
