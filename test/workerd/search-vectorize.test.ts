/** Search in a collection whose vectors are in Vectorize, against a stand-in for it: it cannot run here. */
import { beforeAll, describe, expect, test } from "vitest";
import { collectionWriter } from "../../worker/collections/writer-client.ts";
import { Client, idsOf, published } from "./collection-fixtures.ts";
import { bindings as givenBindings } from "./model-fixtures.ts";
import { VectorizeStandIn } from "./vectorize-stand-in.ts";

/** What the object is given too: it has the same bindings. */
const bindings = givenBindings as {
  -readonly [Name in keyof typeof givenBindings]: (typeof givenBindings)[Name];
};
const vectors = new VectorizeStandIn(8, ["field_year", "field_lang"]);
const { COLLECTIONS, COLLECTION } = bindings;
const client = new Client({
  collections: { COLLECTIONS, COLLECTION, COLLECTION_VECTORS: vectors as unknown as Vectorize },
});
const documents = [
  { id: "both", text: "hello world, hello edge", metadata: { year: 2020, lang: "en" } },
  { id: "hello", text: "hello hello hello", metadata: { year: 2021 } },
  { id: `long/${"x".repeat(500)}`, text: "world near the vectors", metadata: { year: 2022, lang: "de" } },
  { id: "edge", text: "edge far vectors. Hello world.", metadata: {} },
];

beforeAll(async () => {
  bindings.COLLECTION_VECTORS = vectors as unknown as Vectorize;
  await client.create("v", {
    fields: { year: "number", lang: "string", tags: "string[]" },
    chunking: { max_characters: 64 },
    backend: "vectorize",
  });
  await client.write("v", documents);
  await published("v");
});

describe("a collection in Vectorize", () => {
  test("is found by vectors, once it shows them", async () => {
    expect(idsOf(await client.search("v", { query: "hello" }))).toEqual([]);
    vectors.settle();
    const answer = await client.search("v", {
      query: "hello hello hello",
      include: ["text", "metadata", "vector"],
    });
    expect(answer).toMatchObject({ partial: false, approximate: true });
    expect(answer.results[0]).toMatchObject({
      id: "hello",
      text: "hello hello hello",
      metadata: { year: 2021 },
    });
    expect(answer.results[0].score).toBeCloseTo(1, 2);
    expect(answer.results[0].vector).toHaveLength(8);
    expect(idsOf(answer).sort()).toEqual(documents.map(({ id }) => id).sort());
  });

  test("answers top_k, offset, min_score, several queries, and by a document", async () => {
    const all = await client.search("v", { query: "hello", top_k: 10 });
    expect(idsOf(await client.search("v", { query: "hello", top_k: 2, offset: 1 }))).toEqual(
      idsOf(all).slice(1, 3),
    );
    const above = await client.search("v", { query: "hello", min_score: all.results[1].score });
    expect(idsOf(above)).toEqual(idsOf(all).slice(0, 2));
    const { answers } = await client.search("v", { queries: ["hello", { id: "hello" }] });
    expect(answers[0].results).toEqual(all.results);
    expect(idsOf(answers[1])).not.toContain("hello");
  });

  test("is filtered as far as Vectorize can", async () => {
    const search = async (filter: unknown) =>
      idsOf(await client.search("v", { query: "hello", filter })).sort();
    expect(await search({ year: { $gte: 2020, $lt: 2022 } })).toEqual(["both", "hello"]);
    expect(await search({ lang: "en" })).toEqual(["both"]);
    expect(await search({ year: { $in: [2021, 2022] }, lang: { $ne: "de" } })).toEqual(["hello"]);
    for (const filter of [
      { $or: [{ year: 1 }, { year: 2 }] },
      { year: { $exists: true } },
      { tags: "a" },
      { year: { $eq: 1, $ne: 2 } },
      { $not: { year: { $gt: 1 } } },
      { lang: { $in: Array.from({ length: 200 }, (_, i) => `a language ${i}`) } },
    ]) {
      const { status, body } = await client.post("/v/search", { query: "hello", filter });
      expect(status).toBe(400);
      expect(body.error.param).toBe("filter");
    }
  });

  test.each([
    [{ mode: "hybrid" }, "mode"],
    [{ mode: "keyword" }, "mode"],
    [{ consistency: "strong" }, "consistency"],
    [{ diversity: 0.5 }, "diversity"],
    [{ offset: 95, top_k: 10 }, "offset"],
  ])("says what it does not have: %j", async (options, param) => {
    const { status, body } = await client.post("/v/search", { query: "hello", ...options });
    expect(status).toBe(400);
    expect(body.error.param).toBe(param);
    expect(body.error.message).toContain("Vectorize");
  });

  test("does not show what its writer has no more, though Vectorize still has it", async () => {
    await collectionWriter(bindings, "v").remove(["hello"]);
    expect(idsOf(await client.search("v", { query: "hello" }))).not.toContain("hello");
  });

  test("needs its binding, and says so", async () => {
    const bare = new Client();
    expect((await bare.post("/v/search", { query: "hello" })).body.error.message).toContain(
      "COLLECTION_VECTORS",
    );
  });
});
