/** A collection over several Durable Objects answers as one that is in one. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { shardName, shardOf } from "../../shared/search/collection/shards.ts";
import { Client, idsOf, published } from "./collection-fixtures.ts";
import { bindings } from "./model-fixtures.ts";

const client = new Client();
const words = ["hello", "world", "edge", "vector", "near", "far"];
const documents = Array.from({ length: 60 }, (_, i) => ({
  id: `document-${i}`,
  // Each another mixture of the words.
  text: Array.from({ length: 3 + (i % 4) }, (_, j) => words[(i * (j + 1) + j * j) % words.length]).join(" "),
  metadata: { number: i, kind: i % 3 === 0 ? "third" : "other" },
}));

beforeAll(async () => {
  const fields = { number: "number", kind: "string" };
  for (const [name, shards] of [
    ["one", 1],
    ["three", 3],
  ] as const) {
    await client.create(name, { fields, shards });
    await client.write(name, documents);
  }
  await Promise.all([published("one"), published("three")]);
});

type Result = { id: string; score: number };

/** Results of both collections, as far as they can be compared. */
async function both(request: Record<string, unknown>): Promise<[Result[], Result[]]> {
  const [one, three] = [await client.search("one", request), await client.search("three", request)];
  expect(three.partial).toBe(false);
  const round = ({ id, score, ...rest }: Result) => ({ id, score: Number(score.toFixed(5)), ...rest });
  return [one.results.map(round), three.results.map(round)];
}

describe("a collection of three shards", () => {
  test("has documents in each, and counts them together", async () => {
    const counts = [0, 0, 0];
    for (const { id } of documents) counts[shardOf(id, 3)]!++;
    expect(counts.every((count) => count > 10)).toBe(true);
    const { statistics, shards } = (await client.get("/three")).body;
    expect(shards).toBe(3);
    expect(statistics).toMatchObject({ documents: 60, published_documents: 60, pending: 0 });
    const { data } = (await client.get("")).body;
    const listed = data.filter(({ name }: { name: string }) => name.startsWith("three"));
    expect(listed).toMatchObject([{ name: "three", documents: 60 }]);
  });

  test.each([
    ["by vectors", { query: "hello world", mode: "vector" }],
    ["by words", { query: "hello edge", mode: "keyword", explain: true }],
    ["by both", { query: "hello far world", explain: true, include: ["text", "metadata", "vector"] }],
    ["by both, weighted", { query: "near", fusion: { type: "weighted", weight: 0.2 } }],
    ["with a filter", { query: "hello edge", filter: { kind: "third", number: { $lt: 40 } } }],
    ["with a filter that few pass", { query: "hello edge", filter: { number: 7 } }],
    ["with a filter that none passes", { query: "hello", filter: { number: 1000 } }],
    ["further down", { query: "far vector", offset: 7, top_k: 9 }],
    ["above a score", { query: "far vector", min_score: 0.5, top_k: 50 }],
    ["by a document", { id: "document-5" }],
    ["with diversity", { query: "hello", mode: "vector", diversity: 0.4, top_k: 8 }],
    ["with strong consistency", { query: "world", consistency: "strong" }],
  ])("finds the same %s", async (_, request) => {
    const [one, three] = await both(request);
    expect(three).toEqual(one);
  });

  test("finds the same by several queries at once", async () => {
    const queries = ["hello", { id: "document-3" }, "far edge"];
    const [one, three] = await Promise.all(["one", "three"].map((name) => client.search(name, { queries })));
    expect(three.answers.map(idsOf)).toEqual(one.answers.map(idsOf));
  });

  test("finds nearly the same by reciprocal rank", async () => {
    const request = {
      query: "hello far",
      fusion: { type: "reciprocal_rank", k: 60 },
      explain: true,
      top_k: 10,
    };
    const [one, three] = await both(request);
    const shared = three.filter(({ id }) => one.some((other) => other.id === id));
    expect(shared.length).toBeGreaterThanOrEqual(7);
    for (const { score, explain } of three as (Result & {
      explain: { vector: { rank: number | null }; keyword: { rank: number | null } };
    })[]) {
      const ranks = [explain.vector.rank, explain.keyword.rank].filter((rank) => rank !== null);
      expect(score).toBeCloseTo(
        ranks.reduce((sum, rank) => sum + 1 / (60 + rank), 0),
        5,
      );
    }
  });

  test("sees a write at once with strong consistency, and what is deleted nowhere", async () => {
    await client.create("fresh", { shards: 2 });
    await client.write("fresh", [
      { id: "a", text: "hello" },
      { id: "b", text: "hello" },
      { id: "c", text: "world" },
    ]);
    const search = async (consistency: string) =>
      idsOf(await client.search("fresh", { query: "hello", mode: "keyword", consistency })).sort();
    expect(await search("strong")).toEqual(["a", "b"]);
    await published("fresh");
    expect(await search("eventual")).toEqual(["a", "b"]);
    await client.delete("/fresh/documents/a");
    expect(await search("strong")).toEqual(["b"]);
    expect(await search("eventual")).toEqual(["b"]);
  });

  test("is written, listed, exported and deleted as one", async () => {
    await client.create("life", { shards: 2 });
    await client.write("life", documents.slice(0, 10));
    const { body } = await client.get("/life/documents?limit=100");
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(
      documents
        .slice(0, 10)
        .map(({ id }) => id)
        .sort(),
    );
    expect((await (await client.raw("GET", "/life/export")).text()).trimEnd().split("\n")).toHaveLength(10);
    expect((await client.write("life", documents.slice(0, 11))).unchanged).toBe(10);
    expect((await client.delete("/life")).status).toBe(200);
    expect((await client.post("/life/search", { query: "hello" })).status).toBe(404);
  });

  test("one shard of which does not answer says so, and the others answer", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = shardName("three", 1);
    const failing = new Client({
      collections: {
        COLLECTIONS: bindings.COLLECTIONS,
        COLLECTION: {
          idFromName: (name: string) => name,
          get: (name: unknown) =>
            name === broken
              ? { search: () => Promise.reject(new Error("Network connection lost.")) }
              : bindings.COLLECTION.get(bindings.COLLECTION.idFromName(name as string)),
        } as never,
      },
    });
    const answer = await failing.search("three", {
      query: "hello",
      mode: "vector",
      top_k: 100,
      include: [],
      snippet: false,
    });
    expect(answer).toMatchObject({ partial: true, missing: [{ segment: broken, part: "index" }] });
    expect(idsOf(answer).sort()).toEqual(
      documents
        .filter(({ id }) => shardOf(id, 3) !== 1)
        .map(({ id }) => id)
        .sort(),
    );
    vi.restoreAllMocks();
  });
});
