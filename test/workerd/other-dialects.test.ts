/** What callers of Ollama's, Cohere's and our own routes get for mistakes, and for texts at the edges. */
import { beforeEach, describe, expect, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { createApp } from "../../worker/app.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { ask, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const app = createApp();
const artifact = tinyModel();
let model: StaticModel;

beforeEach(async () => {
  await putModel("tiny", artifact);
  model = await StaticModel.load(artifact);
});

function post(path: string, body: unknown): Promise<Response> {
  return ask(app, path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

const many = new Array<string>(2049).fill("a");
const long = "a ".repeat(17);
const texts = ["a"];

const mistakes: [path: string, what: string, body: unknown, status: number, message: RegExp][] = [
  [
    "/api/embed",
    "a number",
    { input: 7 },
    400,
    /Expected input to be a string or an array of strings, got 7/,
  ],
  ["/api/embed", "token ids", { input: [1, 2] }, 400, /input\[0\] to be a string, got 1/],
  ["/api/embed", "an empty text among others", { input: ["a", ""] }, 400, /input\[1\]/],
  ["/api/embed", "too many", { input: many }, 400, /at most 2048 inputs/],
  ["/api/embed", "a text not to be cut", { input: long, truncate: false }, 400, /at most 16 tokens, got 17/],
  ["/api/embed", "truncate as text", { input: "a", truncate: "no" }, 400, /true or false/],
  ["/api/embed", "dimensions 9", { input: "a", dimensions: 9 }, 400, /1 to 8, got 9/],
  ["/api/embed", "a model that is not there", { input: "a", model: "x:latest" }, 404, /got "x"/],
  ["/api/embed", "another tag", { input: "a", model: "tiny:7b" }, 404, /got "tiny:7b"/],
  ["/api/embeddings", "a list", { prompt: ["a"] }, 400, /prompt to be a string, got an array/],
  ["/api/show", "a model that is not there", { model: "x" }, 404, /got "x"/],
  ["/api/generate", "anything", { prompt: "a" }, 400, /generates none/],
  ["/api/pull", "anything", { model: "a" }, 400, /nearvec upload/],
  ["/v2/embed", "nothing", {}, 400, /one of texts and inputs/],
  ["/v2/embed", "both", { texts, inputs: [{ content: [{ type: "text", text: "a" }] }] }, 400, /one of texts/],
  ["/v2/embed", "one text", { texts: "a" }, 400, /texts to be an array of strings, got "a"/],
  ["/v2/embed", "an empty list", { texts: [] }, 400, /at least one element/],
  ["/v2/embed", "no inputs", { inputs: [] }, 400, /at least one element/],
  ["/v2/embed", "an input without text", { inputs: [{ content: [] }] }, 400, /inputs\[0\] to be a text with/],
  [
    "/v2/embed",
    "an input that is a text",
    { inputs: ["a"] },
    400,
    /inputs\[0\] to be an object with content/,
  ],
  ["/v2/embed", "images", { images: ["data:image/png;base64,AA"] }, 400, /no images: a static model/],
  [
    "/v2/embed",
    "an image among texts",
    {
      inputs: [
        {
          content: [
            { type: "text", text: "a" },
            { type: "image_url", image_url: { url: "x" } },
          ],
        },
      ],
    },
    400,
    /type "text", got "image_url"/,
  ],
  ["/v2/embed", "an unknown type", { texts, embedding_types: ["int4"] }, 400, /among "float", "int8"/],
  ["/v2/embed", "one type", { texts, embedding_types: "int8" }, 400, /a list of "float"/],
  ["/v2/embed", "an unknown end", { texts, truncate: "LEFT" }, 400, /"NONE", "START", "END", got "LEFT"/],
  [
    "/v2/embed",
    "a text not to be cut",
    { texts: ["a", long], truncate: "NONE" },
    400,
    /texts\[1\] to have at most 16/,
  ],
  ["/v2/embed", "dimensions 9", { texts, output_dimension: 9 }, 400, /1 to 8, got 9/],
  ["/v2/embed", "no tokens", { texts, max_tokens: 0 }, 400, /max_tokens to be at least 1/],
  ["/v2/rerank", "no query", { documents: texts }, 400, /query to be a string/],
  ["/v2/rerank", "no documents", { query: "a" }, 400, /documents to be an array of strings/],
  ["/v2/rerank", "an empty list", { query: "a", documents: [] }, 400, /at least one/],
  ["/v2/rerank", "top_n 0", { query: "a", documents: texts, top_n: 0 }, 400, /top_n to be at least 1/],
  [
    "/v1/rerank",
    "documents without text",
    { query: "a", documents: [{ title: "a" }] },
    400,
    /documents\[0\] to be a string/,
  ],
  ["/v1/rerank", "an empty query", { query: "", documents: texts }, 400, /query to be a text with/],
  [
    "/v1/similarity",
    "too many pairs",
    { input: many.slice(0, 400) },
    400,
    /at most 32768 pairs of texts, got 400 x 400/,
  ],
  ["/v1/similarity", "others that are none", { input: "a", others: 3 }, 400, /others to be a string or/],
  ["/v1/similarity", "dimensions 9", { input: "a", dimensions: 9 }, 400, /1 to 8, got 9/],
  ["/v1/encode_as_sequence", "token ids", { input: [1, 2] }, 400, /input\[0\] to be a string/],
  ["/v1/encode_as_sequence", "no tokens", { input: "a", max_length: 0 }, 400, /max_length to be at least 1/],
  ["/v1/encode_as_sequence", "dimensions 9", { input: "a", dimensions: 9 }, 400, /1 to 8, got 9/],
  [
    "/v1/encode_as_sequence",
    "more numbers than an answer may have",
    { input: "a ".repeat(140_000) },
    400,
    /at most 131072 tokens of 8 dimensions in all, got 140000/,
  ],
];

test.each(mistakes)("%s refuses %s", async (path, _, body, status, message) => {
  const response = await post(path, body);
  expect(response.status).toBe(status);
  const text = await response.text();
  const answer = JSON.parse(text) as { error?: { message?: string } | string; message?: string };
  const said = answer.message ?? (typeof answer.error === "string" ? answer.error : answer.error?.message);
  expect(said).toMatch(message);
  expect(said!.length).toBeLessThan(300);
});

describe("/v1/encode_as_sequence", () => {
  interface Sequence {
    token_ids: number[];
    shape: [number, number];
    embedding: number[][] | string;
  }
  const rowsOf = ({ embedding }: Sequence) => (embedding as number[][]).map(asFloat32);
  const sequences = async (body: object) =>
    ((await (await post("/v1/encode_as_sequence", body)).json()) as { data: Sequence[] }).data;

  test("gives what the model gives, all tokens unless told otherwise", async () => {
    const text = "near far ".repeat(20);
    const [all, short] = [await sequences({ input: text }), await sequences({ input: text, max_length: 3 })];
    expect(rowsOf(all[0]!)).toEqual(model.encodeAsSequence(text).map((row) => [...row]));
    expect(all[0]).toMatchObject({ token_ids: [...model.tokenize(text)], shape: [40, 8] });
    expect(rowsOf(short[0]!)).toEqual(model.encodeAsSequence(text, { maxLength: 3 }).map((row) => [...row]));
  });

  test("gives a text without a known token no vector", async () => {
    const [floats] = await sequences({ input: "квантование" });
    expect(floats).toMatchObject({ shape: [0, 8], embedding: [] });
    const [base64] = await sequences({ input: "квантование", encoding_format: "base64" });
    expect(base64!.embedding).toBe("");
  });

  test("gives the same numbers in base64", async () => {
    const input = ["hello world", "near"];
    const floats = await sequences({ input, dimensions: 3 });
    const base64 = await sequences({ input, dimensions: 3, encoding_format: "base64" });
    for (const [i, { embedding, shape }] of base64.entries()) {
      const bytes = Uint8Array.from(atob(embedding as string), (character) => character.charCodeAt(0));
      expect([...new Float32Array(bytes.buffer)]).toEqual(rowsOf(floats[i]!).flat());
      expect(shape).toEqual(floats[i]!.shape);
    }
  });
});

describe("/v1/similarity", () => {
  const similarities = async (body: object) =>
    ((await (await post("/v1/similarity", body)).json()) as { similarities: number[][] }).similarities;

  test("compares texts with each other", async () => {
    const table = await similarities({ input: ["hello", "world", "квантование"] });
    expect(table.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(table[0]![0]).toBeCloseTo(1, 6);
    expect(table[0]![1]).toBe(table[1]![0]);
    expect(table[2]).toEqual([0, 0, 0]);
  });

  test("compares texts with others", async () => {
    const table = await similarities({ input: ["hello", "world"], others: "hello" });
    expect(table.map((row) => row.length)).toEqual([1, 1]);
    expect(table[0]![0]).toBeCloseTo(1, 6);
    const [hello, world] = model.encode(["hello", "world"]);
    expect(table[1]![0]).toBeCloseTo(
      hello!.reduce((sum, value, i) => sum + value * world![i]!, 0),
      6,
    );
  });
});

test("/v1/rerank takes objects, gives cosines, and the documents back", async () => {
  const documents = [{ text: "far", title: "x" }, "hello", { text: "hello world" }];
  const response = await post("/v1/rerank", { query: "hello", documents, top_n: 2, return_documents: true });
  const { results } = (await response.json()) as {
    results: { index: number; relevance_score: number; document: { text: string } }[];
  };
  expect(results).toHaveLength(2);
  expect(results[0]).toMatchObject({ index: 1, document: { text: "hello" } });
  expect(results[0]!.relevance_score).toBeCloseTo(1, 6);
});

test("an answer says how long its parts took", async () => {
  const response = await ask(createApp(), "/embed", { method: "POST", body: '{"inputs":"hello"}' });
  expect(response.headers.get("server-timing")).toMatch(/^load;dur=\d.*, embed;dur=\d.*, total;dur=\d/);
  const missing = await ask(createApp(), "/nothing");
  expect(missing.headers.get("server-timing")).toMatch(/^load;dur=0, embed;dur=0, total;dur=\d/);
});
