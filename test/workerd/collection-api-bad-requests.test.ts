/** What a mistake about collections gets: a 4xx that names the field and the limit, and the rest of a batch goes on. */
import { beforeAll, describe, expect, test } from "vitest";
import { errorResponseSchema } from "../../shared/api/error-response.ts";
import {
  maxBodyBytes,
  maxDocumentCharacters,
  maxDocumentIdBytes,
  maxDocumentsPerRequest,
  maxFilterDepth,
  maxMetadataBytes,
  maxMetadataDepth,
  maxQueriesPerRequest,
  maxQueryCharacters,
  maxResults,
  maxResultWindow,
} from "../../shared/limits.ts";
import { Client } from "./collection-fixtures.ts";

const client = new Client();
const vector = [1, 2, 3, 4, 5, 6, 7, 8];
const fields = { year: "number", tags: "string[]", lang: "string", live: "boolean" };

beforeAll(async () => {
  await client.create("c", { fields });
  await client.write("c", [{ id: "hello", text: "hello world" }]);
});

/** An object or filter so many levels deep. */
function nested(levels: number, wrap: (inner: unknown) => unknown, core: unknown): unknown {
  return levels === 0 ? core : nested(levels - 1, wrap, wrap(core));
}

type Case = [what: string, body: unknown, param: string | null, message: RegExp];

async function expectMistake(path: string, [, body, param, message]: Case, status = 400): Promise<void> {
  const answer = await client.post(path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  const { error } = errorResponseSchema.parse(answer.body);
  expect(error).toMatchObject({ type: "invalid_request_error", param });
  expect(error.message).toMatch(message);
  // A message is for reading: it never repeats a long value.
  expect(error.message.length).toBeLessThan(400);
}

const collections: Case[] = [
  ["an array as the body", [], null, /a JSON object/],
  ["no name", {}, "name", /got nothing/],
  ["an empty name", { name: "" }, "name", /at most 64/],
  ["a name with a slash", { name: "a/b" }, "name", /letters, digits/],
  ["a name too long", { name: "a".repeat(65) }, "name", /at most 64/],
  ["a field that is no option", { name: "x", dims: 3 }, "dims", /no other fields than name, model/],
  ["more dimensions than the model has", { name: "x", dimensions: 9 }, "dimensions", /1 to 8/],
  ["dimensions 0", { name: "x", dimensions: 0 }, "dimensions", /whole number from 1/],
  ["an unknown type of field", { name: "x", fields: { a: "date" } }, "fields.a", /"string\[\]"/],
  ["a field called as an operator", { name: "x", fields: { $a: "string" } }, "fields.$a", /begin with \$/],
  [
    "too many fields",
    { name: "x", fields: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`f${i}`, "string"])) },
    "fields",
    /at most 32/,
  ],
  ["fields as a list", { name: "x", fields: ["year"] }, "fields", /got an array/],
  [
    "chunks too small",
    { name: "x", chunking: { max_characters: 3 } },
    "chunking.max_characters",
    /from 64 to/,
  ],
  [
    "an overlap too large",
    { name: "x", chunking: { max_characters: 100, overlap_characters: 60 } },
    "chunking.overlap_characters",
    /at most half/,
  ],
  ["an unknown whitening", { name: "x", whitening: true }, "whitening", /"auto", "on" or "off", got true/],
  ["an unknown backend", { name: "x", backend: "faiss" }, "backend", /"scan", "vectorize"/],
  ["shards of Vectorize", { name: "x", backend: "vectorize", shards: 2 }, "shards", /to be 1 .* got 2/],
  [
    "a field that Vectorize cannot name",
    { name: "x", backend: "vectorize", fields: { "a.b": "string" } },
    "fields",
    /without "\."/,
  ],
  ["too many shards", { name: "x", shards: 9 }, "shards", /1 to 8, got 9/],
];

const searches: Case[] = [
  ["nothing to search by", {}, "query", /query, vector \(or both\), or id/],
  ["an empty query", { query: "" }, "query", /1 to 8192/],
  ["a query too long", { query: "a".repeat(maxQueryCharacters + 1) }, "query", /8192/],
  ["a query and an id", { query: "a", id: "b" }, "query", /one of these/],
  ["an option misspelled", { query: "a", topk: 3 }, "topk", /no other fields/],
  ["top_k 0", { query: "a", top_k: 0 }, "top_k", /1 to 100, got 0/],
  ["top_k too large", { query: "a", top_k: maxResults + 1 }, "top_k", /1 to 100/],
  ["the same by its other name", { query: "a", topK: maxResults + 1 }, "top_k", /1 to 100/],
  ["top_k a fraction", { query: "a", top_k: 1.5 }, "top_k", /whole number/],
  ["offset negative", { query: "a", offset: -1 }, "offset", /whole number from 0/],
  ["offset beyond the window", { query: "a", offset: maxResultWindow - 5 }, "offset", /at most 1000/],
  ["min_score as text", { query: "a", min_score: "0.5" }, "min_score", /a number, got "0.5"/],
  ["an unknown mode", { query: "a", mode: "fuzzy" }, "mode", /"hybrid", "vector" or "keyword"/],
  ["words of a vector", { vector, mode: "hybrid" }, "query", /beside mode "hybrid"/],
  ["an unknown fusion", { query: "a", fusion: { type: "sum" } }, "fusion.type", /"weighted"/],
  [
    "a weight beyond 1",
    { query: "a", fusion: { type: "weighted", weight: 2 } },
    "fusion.weight",
    /from 0 to 1, got 2/,
  ],
  ["an unknown include", { query: "a", include: ["score"] }, "include[0]", /"text", "metadata" or "vector"/],
  ["a snippet too long", { query: "a", snippet: { length: 1e6 } }, "snippet.length", /20 to 2000/],
  ["diversity beyond 1", { query: "a", diversity: 1.5 }, "diversity", /0 to 1/],
  ["an unknown consistency", { query: "a", consistency: "none" }, "consistency", /"eventual" or "strong"/],
  ["too many queries", { queries: new Array(maxQueriesPerRequest + 1).fill("a") }, "queries", /at most 32/],
  ["no queries", { queries: [] }, "queries", /at least one/],
  ["queries beside a query", { query: "a", queries: ["b"] }, "query", /one of these/],
  ["a number among queries", { queries: ["a", 3] }, "queries[1]", /each of queries/],
  [
    "a vector too short",
    { vector: vector.slice(1) },
    "vector",
    /8 numbers, as the collection's model gives, got 7/,
  ],
  ["a vector too long", { vector: [...vector, 1] }, "vector", /got 9/],
  [
    "null in a vector (JSON has no NaN)",
    { vector: [...vector.slice(1), Number.NaN] },
    "vector[7]",
    /got null/,
  ],
  [
    "a number beyond float32",
    { vector: [1e39, ...vector.slice(1)] },
    "vector[0]",
    /finite number, got 1e\+39/,
  ],
  ["zeros as a vector", { vector: new Array(8).fill(0) }, "vector", /nothing but zeros/],
  ["a vector as text", { vector: "[1,2]" }, "vector", /an array of numbers/],
  ["a bad vector of several", { queries: ["a", { vector: [1] }] }, "queries[1].vector", /8 numbers/],
  ["a filter that is no object", { query: "a", filter: "year" }, "filter", /an object/],
  [
    "a filter on an undeclared field",
    { query: "a", filter: { size: 3 } },
    "filter.size",
    /year, tags, lang, live/,
  ],
  [
    "a filter on a field of every object",
    { query: "a", filter: { constructor: 1 } },
    "filter.constructor",
    /declared/,
  ],
  ["a text for a number", { query: "a", filter: { year: { $gt: "2020" } } }, "filter.year.$gt", /a number/],
  ["an unknown operator", { query: "a", filter: { year: { $near: 1 } } }, "filter.year.$near", /\$in/],
  [
    "a filter that nests without end",
    { query: "a", filter: nested(maxFilterDepth + 1, (inner) => ({ $not: inner }), { year: 1 }) },
    `filter${".$not".repeat(maxFilterDepth + 1)}`,
    /at most 8 levels/,
  ],
  [
    "a filter too wide",
    { query: "a", filter: { year: { $in: Array.from({ length: 300 }, (_, i) => i) } } },
    "filter.year.$in",
    /1 to 256/,
  ],
];

const deletions: Case[] = [
  ["nothing to delete", {}, "", /exactly one of ids, filter and all/],
  ["two ways at once", { ids: ["a"], all: true }, "", /exactly one/],
  ["all: false", { all: false }, "all", /to be true/],
  ["no ids", { ids: [] }, "ids", /at least one/],
  ["a number as an id", { ids: ["a", 3] }, "ids[1]", /a string, got 3/],
  ["an id that cannot be", { ids: ["a", ""] }, "ids[1]", /at least one character/],
  ["a filter that all pass", { filter: {} }, "filter", /"all": true/],
  ["a filter on an undeclared field", { filter: { size: 3 } }, "filter.size", /declared/],
];

describe("a body that is JSON but not a request", () => {
  test.each(collections)("collections: %s", async (...mistake) => {
    await expectMistake("", mistake);
  });
  test.each(searches)("search: %s", async (...mistake) => {
    await expectMistake("/c/search", mistake);
  });
  test.each(deletions)("delete: %s", async (...mistake) => {
    await expectMistake("/c/documents/delete", mistake);
  });
  test.each<Case>([
    ["no documents", {}, "documents", /got nothing/],
    ["a bare array", [{ id: "a" }], "documents", /an array: put it under documents/],
    ["an empty batch", { documents: [] }, "documents", /1 to 1000 documents, got 0/],
    [
      "too many",
      { documents: new Array(maxDocumentsPerRequest + 1).fill({ id: "a", text: "b" }) },
      "documents",
      /got 1001/,
    ],
    [
      "something beside them",
      { documents: [{ id: "a", text: "b" }], upsert: true },
      "upsert",
      /no other field/,
    ],
  ])("documents: %s", async (...mistake) => {
    await expectMistake("/c/documents", mistake);
  });
});

const items: Case[] = [
  ["null", null, "documents[1]", /an object, got null/],
  ["no id", { text: "a" }, "documents[1].id", /got nothing/],
  ["a number as id", { id: 7, text: "a" }, "documents[1].id", /a string/],
  ["an empty id", { id: "", text: "a" }, "documents[1].id", /at least one character/],
  [
    "an id too long",
    { id: "ü".repeat(maxDocumentIdBytes / 2 + 1), text: "a" },
    "documents[1].id",
    /at most 512 bytes in UTF-8, got 514/,
  ],
  ["half a surrogate pair in an id", { id: "a\ud800", text: "a" }, "documents[1].id", /surrogate/],
  ["a control character in an id", { id: "a\n", text: "a" }, "documents[1].id", /control characters/],
  ["an id that no URL can have", { id: "..", text: "a" }, "documents[1].id", /not to be "\." or "\.\."/],
  ["no text", { id: "a" }, "documents[1].text", /a string, got nothing/],
  ["an empty text", { id: "a", text: "" }, "documents[1].text", /at least one character, or a vector/],
  [
    "a text too long",
    { id: "a", text: "b".repeat(maxDocumentCharacters + 1) },
    "documents[1].text",
    /262144/,
  ],
  ["an unknown field", { id: "a", text: "a", title: "b" }, "documents[1].title", /Put it into metadata/],
  [
    "metadata as a list",
    { id: "a", text: "a", metadata: [] },
    "documents[1].metadata",
    /an object, got an array/,
  ],
  [
    "metadata too deep",
    { id: "a", text: "a", metadata: nested(maxMetadataDepth, (inner) => ({ inner }), {}) },
    "documents[1].metadata",
    /at most 8 levels/,
  ],
  [
    "metadata too large",
    { id: "a", text: "a", metadata: { note: "b".repeat(maxMetadataBytes) } },
    "documents[1].metadata",
    /at most 16384 bytes/,
  ],
  [
    "a declared field of another type",
    { id: "a", text: "a", metadata: { year: "2020" } },
    "documents[1].metadata.year",
    /a number, as the collection declares it, got "2020"/,
  ],
  ["a vector of another size", { id: "a", vector: [1, 2] }, "documents[1].vector", /8 numbers.*got 2/],
  ["null in a vector", { id: "a", vector: [...vector.slice(1), null] }, "documents[1].vector[7]", /got null/],
  ["zeros as a vector", { id: "a", vector: new Array(8).fill(0) }, "documents[1].vector", /zeros/],
  [
    "an id for the second time",
    { id: "good", text: "b" },
    "documents[1].id",
    /once in a batch.*documents\[0\]/,
  ],
];

describe("a document that is wrong among others", () => {
  test.each(items)("%s", async (_, item, param, message) => {
    const good = { id: "good", text: "hello" };
    const last = { id: "last", vector };
    const { status, body } = await client.post("/c/documents", { documents: [good, item, last] });
    expect(status).toBe(200);
    expect(body.data[0]).toMatchObject({ id: "good", status: expect.stringMatching(/created|unchanged/) });
    expect(body.data[1]).toMatchObject({ status: "error", error: { param, code: "invalid_request" } });
    expect(body.data[1].error.message).toMatch(message);
    expect(body.data[2]).toMatchObject({ id: "last", status: expect.stringMatching(/created|unchanged/) });
    expect(body.failed).toBe(1);
  });

  test("a number beyond 64 bits in metadata", async () => {
    const body = '{"documents":[{"id":"a","text":"a","metadata":{"x":[1e999]}}]}';
    const response = await client.raw("POST", "/c/documents", {
      body,
      headers: { "content-type": "application/json" },
    });
    const { data } = (await response.json()) as { data: { error: { param: string } }[] };
    expect(data[0]?.error.param).toBe("documents[0].metadata");
  });
});

describe("what is too large, or not there", () => {
  test("a document of 30 MB gets 413 before it is read", async () => {
    const text = new Uint8Array(30 * 1024 * 1024).fill(0x61);
    const response = await client.raw("POST", "/c/documents", {
      body: text,
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(413);
    expect(((await response.json()) as { error: { message: string } }).error.message).toContain(
      `${maxBodyBytes}`,
    );
  });

  test.each([
    ["GET", ""],
    ["DELETE", ""],
    ["POST", "/documents"],
    ["GET", "/documents"],
    ["GET", "/documents/a"],
    ["PATCH", "/documents/a"],
    ["DELETE", "/documents/a"],
    ["POST", "/documents/delete"],
    ["POST", "/search"],
    ["GET", "/export"],
    ["POST", "/import"],
    ["POST", "/segments/check"],
  ])("%s of a collection that is not there%s gets 404", async (method, path) => {
    const bodies: Record<string, unknown> = {
      "/documents": { documents: [{ id: "a", text: "b" }] },
      "/documents/a": { metadata: {} },
      "/documents/delete": { all: true },
      "/search": { query: "a" },
      "/segments/check": { segments: [] },
    };
    const body = method === "GET" || method === "DELETE" || path === "/import" ? undefined : bodies[path];
    for (const name of ["absent", "not%20a%20name", "a".repeat(65), "%F0%9F%8C%B3"]) {
      const answer = await client.ask(method, `/${name}${path}`, body);
      expect(answer.status).toBe(404);
      expect(answer.body.error).toMatchObject({ code: "collection_not_found", param: "collection" });
    }
  });

  test.each(["GET", "PATCH", "DELETE"])("%s of a document that is not there gets 404", async (method) => {
    const answer = await client.ask(
      method,
      "/c/documents/absent",
      method === "PATCH" ? { metadata: {} } : undefined,
    );
    expect(answer.status).toBe(404);
    expect(answer.body.error).toMatchObject({ code: "document_not_found", param: "id" });
  });

  test("a search by a document that is not there gets 404", async () => {
    const answer = await client.post("/c/search", { id: "absent" });
    expect(answer.status).toBe(404);
    expect(answer.body.error.code).toBe("document_not_found");
  });

  test("a second collection of the same name gets 409", async () => {
    const answer = await client.post("", { name: "c" });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({ code: "collection_exists" });
  });

  test("a model that is not there gets 404", async () => {
    const answer = await client.post("", { name: "x", model: "absent" });
    expect(answer.status).toBe(404);
    expect(answer.body.error).toMatchObject({ code: "model_not_found", param: "model" });
  });
});

describe("a list", () => {
  test.each([
    ["a limit of 0", "limit=0", "limit"],
    ["a limit too large", "limit=101", "limit"],
    ["a limit that is no number", "limit=all", "limit"],
    ["a cursor that is none", "cursor=abc", "cursor"],
    ["a cursor of nothing", "cursor=", "cursor"],
  ])("with %s gets 400", async (_, query, param) => {
    for (const path of [`/c/documents?${query}`, `?${query}`]) {
      const answer = await client.get(path);
      expect(answer.status).toBe(400);
      expect(answer.body.error).toMatchObject({ code: "invalid_request", param });
    }
  });

  test("with a cursor that was tampered with, or is another list's, gets 400", async () => {
    await client.write("c", [
      { id: "list-1", text: "a" },
      { id: "list-2", text: "a" },
    ]);
    const { body } = await client.get("/c/documents?prefix=list&limit=1");
    const cursor: string = body.next_cursor;
    expect((await client.get(`/c/documents?prefix=list&limit=1&cursor=${cursor}`)).body.data[0].id).toBe(
      "list-2",
    );
    const tampered = cursor.replace(/.(?=.{8}$)/, (character) => (character === "A" ? "B" : "A"));
    for (const wrong of [
      `prefix=list&cursor=${tampered}`,
      `prefix=other&cursor=${cursor}`,
      `cursor=${cursor}`,
    ]) {
      const answer = await client.get(`/c/documents?${wrong}`);
      expect(answer.status).toBe(400);
      expect(answer.body.error.param).toBe("cursor");
    }
  });
});

test("the isolate serves on after all of these", async () => {
  expect((await client.search("c", { query: "hello" })).partial).toBe(false);
});
