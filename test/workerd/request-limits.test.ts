/** Limits of a request, on every route that they hold for: refused with a reason, before the work that they bound. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  maxCharactersPerInput,
  maxDescribedTokens,
  maxInputsPerRequest,
  maxJsonContainers,
  maxJsonDepth,
  smallJsonCharacters,
} from "../../shared/limits.ts";
import { createApp } from "../../worker/app.ts";
import { checkJsonShape } from "../../worker/json-shape.ts";
import { Client } from "./collection-fixtures.ts";
import { ask, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const app = createApp();
const client = new Client();

beforeAll(async () => {
  await putModel("tiny", tinyModel());
  await client.create("limits");
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(app, path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** Every route that takes texts, and how it is sent several. */
const textRoutes: [path: string, field: string, body: (texts: readonly string[]) => object][] = [
  ["/v1/embeddings", "input", (input) => ({ input })],
  ["/v1/encode_as_sequence", "input", (input) => ({ input })],
  ["/v1/similarity", "input", (input) => ({ input })],
  ["/v1/similarity", "others", (others) => ({ input: "a", others })],
  ["/v1/rerank", "documents", (documents) => ({ query: "a", documents })],
  ["/embed", "inputs", (inputs) => ({ inputs })],
  ["/embed_all", "inputs", (inputs) => ({ inputs })],
  ["/tokenize", "inputs", (inputs) => ({ inputs })],
  ["/similarity", "inputs.sentences", (sentences) => ({ inputs: { source_sentence: "a", sentences } })],
  ["/rerank", "texts", (texts) => ({ query: "a", texts })],
  ["/api/embed", "input", (input) => ({ input })],
  ["/v2/embed", "texts", (texts) => ({ texts })],
  [
    "/v2/embed",
    "inputs",
    (texts) => ({ inputs: texts.map((text) => ({ content: [{ type: "text", text }] })) }),
  ],
  ["/v2/rerank", "documents", (documents) => ({ query: "a", documents })],
];

describe.each(textRoutes)("%s, %s", (path, field, body) => {
  test.each<[string, readonly string[], RegExp]>([
    ["too many of them", new Array(maxInputsPerRequest + 1).fill("a"), /at most 2048/],
    ["one that is too long", ["a", "b".repeat(maxCharactersPerInput + 1)], /at most 1048576 UTF-16 units/],
    [
      "too much in all",
      new Array(5).fill("c".repeat(maxCharactersPerInput)),
      /at most 4194304 UTF-16 units in all/,
    ],
  ])("refuses %s", async (_, texts, message) => {
    const response = await post(path, body(texts));
    expect([400, 413, 422]).toContain(response.status);
    const text = await response.text();
    expect(text).toMatch(message);
    expect(text).toContain(field);
  });
});

/** Every route with a body of JSON. */
const jsonRoutes = [
  ...new Set(textRoutes.map(([path]) => path)),
  ...["/decode", "/api/embeddings", "/api/show", "/v1/collections", "/v1/collections/limits/documents"],
  ...["/v1/collections/limits/documents/delete", "/v1/collections/limits/search"],
  "/v1/collections/limits/segments/check",
];

describe.each(jsonRoutes)("%s", (path) => {
  test.each<[string, string]>([
    ["a megabyte of brackets", "[".repeat(1024 * 1024)],
    ["levels", `{"a":${"[".repeat(smallJsonCharacters)}${"]".repeat(smallJsonCharacters)}}`],
    ["arrays side by side", `{"a":[${"[],".repeat(maxJsonContainers)}[]]}`],
    ["objects side by side", `{"a":[${"{},".repeat(maxJsonContainers)}{}]}`],
  ])("refuses too many: %s", async (_, body) => {
    const response = await post(path, body);
    expect([400, 422]).toContain(response.status);
    expect(await response.text()).toMatch(/Expected the JSON to (nest|have) at most/);
  });

  test("refuses a compressed body", async () => {
    const response = await post(path, "{}", { "content-encoding": "gzip" });
    expect(response.status).toBe(415);
    expect(await response.text()).toMatch(/content-encoding gzip/);
  });
});

test.each(["/import", "/segments"])("a compressed body gets 415 at %s, too", async (path) => {
  const response = await client.raw("POST", `/limits${path}`, {
    body: "{}",
    headers: { "content-type": "application/octet-stream", "content-encoding": "br" },
  });
  expect(response.status).toBe(415);
});

test("a line of an import that nests too much is reported, the others are written", async () => {
  const body = `{"id":"a","text":"hello"}\n{"id":"b","metadata":${"[".repeat(smallJsonCharacters)}`;
  const response = await client.raw("POST", "/limits/import", {
    body,
    headers: { "content-type": "application/x-ndjson" },
  });
  expect(await response.json()).toMatchObject({
    created: 1,
    failed: 1,
    errors: [
      { line: 2, error: { code: "invalid_request", message: expect.stringContaining("to nest at most 64") } },
    ],
  });
});

describe("the shape of JSON", () => {
  const pad = (text: string) => text + " ".repeat(smallJsonCharacters);
  test.each<[string, string]>([
    ["brackets in strings", `["${"[{".repeat(200_000)}"]`],
    ["quotes that are escaped", `["a\\"${"[".repeat(1000)}\\\\\\"${"[".repeat(1000)}", "b\\\\"]`],
    ["as many levels as there may be", "[".repeat(maxJsonDepth) + "]".repeat(maxJsonDepth)],
    ["as many arrays as there may be", `[${new Array(maxJsonContainers - 1).fill("[]").join(",")}]`],
    ["a string without an end", `["${"[".repeat(200_000)}`],
    ["numbers", `[${new Array(200_000).fill("1").join(",")}]`],
  ])("passes with %s", (_, text) => {
    expect(() => checkJsonShape(pad(text))).not.toThrow();
  });

  test.each<[string, string]>([
    ["a level more", "[".repeat(maxJsonDepth + 1)],
    ["levels after a string that ends in an escaped backslash", `["\\\\",${"[".repeat(maxJsonDepth)}`],
    ["levels of both kinds", '[{"a":'.repeat(maxJsonDepth)],
    ["an array more", `[${new Array(maxJsonContainers).fill("[]").join(",")}]`],
  ])("is refused with %s", (_, text) => {
    expect(() => checkJsonShape(pad(text))).toThrow(/at most/);
  });
});

describe("lists of what is no text", () => {
  const millions = `[${"0,".repeat(2_000_000)}0]`;
  test.each<[string, string, RegExp]>([
    ["/v2/embed", `{"texts":["a"],"embedding_types":${millions}}`, /embedding_types to have at most 12/],
    ["/v2/embed", `{"inputs":${millions}}`, /at most 2048 inputs/],
    ["/v2/embed", `{"inputs":[{"content":${millions}}]}`, /at most 2048 parts/],
    ["/v1/collections/limits/search", `{"query":"a","include":${millions}}`, /at most 3 of include/],
    ["/v1/collections/limits/search", `{"queries":${millions}}`, /at most 32 of queries/],
    ["/v1/collections/limits/documents/delete", `{"ids":${millions}}`, /at most 1000 ids/],
    ["/v1/collections/limits/documents", `{"documents":${millions}}`, /1 to 1000 documents/],
    ["/v1/collections/limits/segments/check", `{"segments":${millions}}`, /at most 1000 segments/],
    ["/decode", `{"ids":${millions}}`, /at most 65536 token ids/],
  ])("%s counts them before it looks at each", async (path, body, message) => {
    const response = await post(path, body);
    expect([400, 413, 422]).toContain(response.status);
    expect(await response.text()).toMatch(message);
  });
});

test("/tokenize describes no more tokens than an isolate has room for", async () => {
  const text = "near ".repeat(20_000);
  const within = await post("/tokenize", { inputs: new Array(6).fill(text) });
  expect(within.status).toBe(200);
  await within.body?.cancel();
  const response = await post("/tokenize", { inputs: new Array(7).fill(text) });
  expect(response.status).toBe(413);
  expect(await response.text()).toContain(`at most ${maxDescribedTokens} tokens in all`);
});
