/** Search over HTTP: what is found, in which order, and what is said about it. */
import { beforeAll, describe, expect, test } from "vitest";
import { searchAnswerSchema, searchAnswersSchema } from "../../shared/api/collections/search-answer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { Client, idsOf, published } from "./collection-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const client = new Client();
const documents = [
  { id: "both", text: "hello world, hello edge", metadata: { year: 2020, tags: ["a", "b"], lang: "en" } },
  { id: "hello", text: "hello hello hello", metadata: { year: 2021, tags: ["a"] } },
  { id: "world", text: "world near the vectors", metadata: { year: 2022, lang: "de" } },
  { id: "edge", text: "edge far vectors", metadata: { tags: ["c"], other: { x: 1 } } },
];
const fields = { year: "number", tags: "string[]", lang: "string" };

beforeAll(async () => {
  await client.create("c", { fields });
  await client.write("c", documents);
  await published("c");
});

/** Cosines by the model alone, the nearest first. */
async function nearest(query: string): Promise<{ id: string; score: number }[]> {
  const model = await StaticModel.load(tinyModel());
  const wanted = model.encode(query, { normalize: true });
  return documents
    .map(({ id, text }) => ({
      id,
      score: model.encode(text, { normalize: true }).reduce((sum, value, i) => sum + value * wanted[i]!, 0),
    }))
    .sort((left, right) => right.score - left.score);
}

describe("a search", () => {
  test("by vectors has the model's cosines", async () => {
    const answer = searchAnswerSchema.parse(
      await client.search("c", { query: "hello world", mode: "vector" }),
    );
    const expected = await nearest("hello world");
    expect(idsOf(answer)).toEqual(expected.map(({ id }) => id));
    answer.results.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(expected[i]!.score, 2);
    });
    expect(answer).toMatchObject({ generation: 1, partial: false, model: "tiny" });
    expect(answer.usage.total_tokens).toBe(2);
  });

  test("by words finds only what has them", async () => {
    const { results } = await client.search("c", { query: "world", mode: "keyword" });
    expect(idsOf({ results }).sort()).toEqual(["both", "world"]);
    expect((await client.search("c", { query: "unheard", mode: "keyword" })).results).toEqual([]);
  });

  test("is hybrid if not told otherwise, and says where scores come from", async () => {
    const { results } = await client.search("c", { query: "hello world", explain: true });
    for (const { score, explain } of results) {
      expect(score).toBeCloseTo(0.5 * explain.vector.normalized + 0.5 * explain.keyword.normalized, 5);
    }
    expect(results[0].explain.keyword.terms.map(({ term }: { term: string }) => term).sort()).toEqual([
      "hello",
      "world",
    ]);
    const { results: weighted } = await client.search("c", {
      query: "hello world",
      fusion: { type: "weighted", weight: 1 },
      explain: true,
    });
    for (const { score, explain } of weighted) expect(score).toBeCloseTo(explain.vector.normalized, 5);
  });

  test("by reciprocal rank adds ranks", async () => {
    const { results } = await client.search("c", {
      query: "hello world",
      fusion: { type: "reciprocal_rank", k: 10 },
      explain: true,
    });
    for (const { score, explain } of results) {
      const expected = [explain.vector.rank, explain.keyword.rank]
        .filter((rank) => rank !== null)
        .reduce((sum, rank) => sum + 1 / (10 + rank), 0);
      expect(score).toBeCloseTo(expected, 6);
    }
  });

  test("by a vector, and by a vector beside words", async () => {
    const model = await StaticModel.load(tinyModel());
    const vector = [...model.encode("edge far vectors")];
    expect((await client.search("c", { vector })).results[0]).toMatchObject({ id: "edge" });
    // A vector's length does not matter.
    const longer = vector.map((value) => value * 1000);
    expect((await client.search("c", { vector: longer })).results[0].score).toBeCloseTo(1, 2);
    const both = await client.search("c", {
      query: "hello",
      vector,
      fusion: { type: "weighted", weight: 0 },
    });
    expect(both.results[0].id).toBe("hello");
    expect(both.usage.total_tokens).toBe(0);
  });

  test("by a document finds others like it", async () => {
    const expected = (await nearest("hello hello hello")).map(({ id }) => id).filter((id) => id !== "hello");
    expect(idsOf(await client.search("c", { id: "hello" }))).toEqual(expected);
    expect(idsOf(await client.search("c", { id: "hello", top_k: 1 }))).toEqual(expected.slice(0, 1));
  });

  test("takes top_k, offset and min_score, by either name", async () => {
    const all = await client.search("c", { query: "hello world", mode: "vector" });
    const ids = idsOf(all);
    expect(idsOf(await client.search("c", { query: "hello world", mode: "vector", topK: 2 }))).toEqual(
      ids.slice(0, 2),
    );
    const second = await client.search("c", { query: "hello world", mode: "vector", top_k: 2, offset: 1 });
    expect(idsOf(second)).toEqual(ids.slice(1, 3));
    const minimum = all.results[1].score;
    const above = await client.search("c", { query: "hello world", mode: "vector", minScore: minimum });
    expect(idsOf(above)).toEqual(ids.slice(0, 2));
  });

  test("with a filter looks at nothing else", async () => {
    const search = async (filter: unknown) =>
      idsOf(await client.search("c", { query: "hello", mode: "vector", filter })).sort();
    expect(await search({ year: { $gte: 2021 } })).toEqual(["hello", "world"]);
    expect(await search({ tags: "a", lang: "en" })).toEqual(["both"]);
    expect(await search({ $or: [{ lang: "de" }, { tags: { $in: ["c", "x"] } }] })).toEqual(["edge", "world"]);
    expect(await search({ $not: { year: { $exists: true } } })).toEqual(["edge"]);
    expect(await search({ year: 1999 })).toEqual([]);
    // Scores are brought to the same range over what passes, not over everything.
    const hybrid = await client.search("c", { query: "hello", filter: { tags: "a" } });
    expect(hybrid.results[0].score).toBeCloseTo(1, 5);
  });

  test("answers with what is asked for", async () => {
    const { results } = await client.search("c", {
      query: "edge far",
      include: ["text", "metadata", "vector"],
    });
    expect(results[0]).toMatchObject({
      id: "edge",
      text: "edge far vectors",
      metadata: documents[3]!.metadata,
    });
    expect(results[0].vector).toHaveLength(8);
    expect(Math.hypot(...results[0].vector)).toBeCloseTo(1, 2);
    const bare = await client.search("c", { query: "edge far", include: [], snippet: false });
    expect(Object.keys(bare.results[0]).sort()).toEqual(["entry", "id", "score"]);
  });

  test("shows where the words are", async () => {
    const { results } = await client.search("c", { query: "edge", top_k: 1 });
    const { text, matches } = results[0].snippet;
    expect(matches.map(([from, to]: [number, number]) => text.slice(from, to))).toEqual(["edge"]);
  });

  test("with diversity does not repeat itself", async () => {
    await client.create("twins");
    await client.write("twins", [
      { id: "1", text: "hello world" },
      { id: "2", text: "hello world" },
      { id: "3", text: "hello vectors" },
    ]);
    const search = async (diversity: number) =>
      idsOf(
        await client.search("twins", {
          query: "hello world",
          mode: "vector",
          diversity,
          top_k: 2,
          consistency: "strong",
        }),
      );
    expect(await search(0)).toEqual(["1", "2"]);
    expect(await search(0.7)).toEqual(["1", "3"]);
  });

  test("of several queries answers each as if it were alone", async () => {
    const model = await StaticModel.load(tinyModel());
    const queries = ["hello", { query: "edge far" }, { vector: [...model.encode("world")] }, { id: "both" }];
    const options = { top_k: 3, include: ["text"] };
    const together = searchAnswersSchema.parse(await client.search("c", { queries, ...options }));
    expect(together.answers).toHaveLength(4);
    for (const [i, query] of queries.entries()) {
      const asked = typeof query === "string" ? { query } : query;
      const alone = await client.search("c", { ...asked, ...options });
      expect(together.answers[i]!.results).toEqual(alone.results);
    }
  });

  test("says how long each stage took", async () => {
    const { headers } = await client.post("/c/search", { query: "hello" });
    expect(headers.get("server-timing")).toMatch(
      /^load;dur=[\d.]+, embed;dur=[\d.]+, search;dur=[\d.]+, documents;dur=[\d.]+, total;dur=[\d.]+$/,
    );
  });

  test("of an empty collection finds nothing", async () => {
    await client.create("empty");
    expect(await client.search("empty", { query: "hello" })).toMatchObject({
      results: [],
      partial: false,
      generation: 0,
    });
    expect(await client.search("empty", { query: "hello", consistency: "strong" })).toMatchObject({
      results: [],
    });
  });
});

describe("a document in chunks", () => {
  test("is found by its best part, and once", async () => {
    await client.create("chunks", { chunking: { by: "sentences", max_characters: 64 } });
    const text = `${"Hello world near the edge. ".repeat(4)}${"Vectors far far far away. ".repeat(4)}`;
    await client.write("chunks", [
      { id: "long", text },
      { id: "short", text: "world" },
    ]);
    const { results } = await client.search("chunks", {
      query: "far vectors",
      consistency: "strong",
      snippet: { length: 40 },
    });
    expect(idsOf({ results }).sort()).toEqual(["long", "short"]);
    const [from, to] = results[0].entry.range;
    expect(results[0]).toMatchObject({ id: "long", snippet: { matches: expect.anything() } });
    expect(text.slice(from, to)).toContain("Vectors far");
    expect(results[0].entry.index).toBeGreaterThan(0);
    const [start, end] = results[0].snippet.range;
    expect(start).toBeGreaterThanOrEqual(from);
    expect(end).toBeLessThanOrEqual(to);
  });
});

describe("consistency", () => {
  test("strong sees a write at once, eventual after it is published, and both a deletion", async () => {
    await client.create("fresh");
    await client.write("fresh", [{ id: "a", text: "hello" }]);
    const search = async (consistency: string) =>
      idsOf(await client.search("fresh", { query: "hello", mode: "keyword", consistency }));
    expect(await search("strong")).toEqual(["a"]);
    expect(await search("eventual")).toEqual([]);
    await published("fresh");
    expect(await search("eventual")).toEqual(["a"]);
    await client.write("fresh", [{ id: "b", text: "hello" }]);
    await client.write("fresh", [{ id: "a", text: "world" }]);
    expect(await search("strong")).toEqual(["b"]);
    expect(await search("eventual")).toEqual(["a"]);
    expect(await search("strong")).toEqual(["b"]);
    await client.delete("/fresh/documents/b");
    expect(await search("strong")).toEqual([]);
    await published("fresh");
    expect(await search("eventual")).toEqual([]);
    expect(idsOf(await client.search("fresh", { query: "world", mode: "keyword" }))).toEqual(["a"]);
  });

  test("strong scores are those of the same collection published", async () => {
    await client.create("equal");
    await client.write(
      "equal",
      [documents[0], documents[1]].map((document) => ({ ...document })),
    );
    await published("equal");
    await client.write("equal", [{ id: "hello", text: "edge hello" }, documents[2], documents[3]]);
    const request = {
      query: "hello edge",
      explain: true,
      include: ["text", "metadata", "vector"],
      consistency: "strong",
    };
    const before = await client.search("equal", request);
    await published("equal");
    const after = await client.search("equal", request);
    expect(after.generation).toBe(before.generation + 1);
    expect(after.results).toEqual(before.results);
  });

  test("strong finds by a document that is not published", async () => {
    await client.create("like");
    await client.write("like", [
      { id: "a", text: "hello" },
      { id: "b", text: "hello world" },
    ]);
    expect(idsOf(await client.search("like", { id: "a", consistency: "strong" }))).toEqual(["b"]);
  });
});
