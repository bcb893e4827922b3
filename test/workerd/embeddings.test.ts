/** `POST /v1/embeddings` does what OpenAI's does, on a real model in a real R2 bucket. */
import { beforeEach, describe, expect, test } from "vitest";
import { type EmbeddingsResponse, embeddingsResponseSchema } from "../../shared/api/embeddings.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { createApp } from "../../worker/app.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { tinyModel as sharedModel } from "../support/tiny-model.ts";
import { embed, errorOf, putModel } from "./model-fixtures.ts";
import { tinyDimensions, tinyModel } from "./tiny-model.ts";

const app = createApp();
const artifact = tinyModel();

beforeEach(async () => {
  await putModel("tiny", artifact);
});

async function answer(body: unknown): Promise<EmbeddingsResponse> {
  const response = await embed(app, body);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  return embeddingsResponseSchema.parse(await response.json());
}

function fromBase64(text: unknown): number[] {
  const bytes = Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0));
  return [...new Float32Array(bytes.buffer)];
}

describe("the four forms of input", () => {
  test("one text gives one vector, the model's own to the last bit", async () => {
    const model = await StaticModel.load(artifact);
    const { data, model: name, object, usage } = await answer({ input: "Hello, the edge!", model: "tiny" });
    expect(object).toBe("list");
    expect(name).toBe("tiny");
    expect(data).toMatchObject([{ object: "embedding", index: 0 }]);
    expect(asFloat32(data[0]?.embedding)).toEqual([...model.encode("Hello, the edge!")]);
    // hello, the, edge: the comma and the exclamation mark are unknown to this vocabulary and not pooled.
    expect(usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  });

  test("several texts give as many vectors, in their order", async () => {
    const both = await answer({ input: ["hello world", "far vectors"] });
    const first = await answer({ input: "hello world" });
    const second = await answer({ input: "far vectors" });
    expect(both.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(both.data.map(({ embedding }) => embedding)).toEqual([
      first.data[0]?.embedding,
      second.data[0]?.embedding,
    ]);
    expect(both.usage.prompt_tokens).toBe(5);
  });

  test("token ids are pooled as the text that they are of", async () => {
    const { data: fromText } = await answer({ input: "hello world" });
    const one = await answer({ input: [2, 3] });
    const two = await answer({ input: [[2, 3], [3]] });
    expect(one.data).toEqual(fromText);
    expect(two.data[0]).toEqual(fromText[0]);
    expect(two.data).toHaveLength(2);
    expect(two.usage.total_tokens).toBe(3);
  });

  test("token ids may be any of the vocabulary where tokens share rows", async () => {
    const shared = sharedModel({ mapped: true, name: "shared" });
    await putModel("shared", shared);
    const { vocabularySize, rows } = (await StaticModel.load(shared)).metadata;
    expect(vocabularySize).toBeGreaterThan(rows);
    const { data } = await answer({ input: [vocabularySize - 1, rows], model: "shared" });
    const vector = new Float32Array(8);
    (await StaticModel.load(shared)).encodeInto([vocabularySize - 1, rows], vector, 0);
    expect(asFloat32(data[0]?.embedding)).toEqual([...vector]);
    const beyond = await embed(app, { input: [vocabularySize], model: "shared" });
    expect((await errorOf(beyond)).message).toContain(`below ${vocabularySize}`);
  });

  test("a text without a known token gives zeros and counts no tokens", async () => {
    const { data, usage } = await answer({ input: "квантование" });
    expect(data[0]?.embedding).toEqual(new Array(tinyDimensions).fill(0));
    expect(usage.prompt_tokens).toBe(0);
  });

  test("only the tokens up to the model's maximum length are pooled and counted", async () => {
    const { usage } = await answer({ input: "a ".repeat(100) });
    expect(usage.prompt_tokens).toBe(16);
  });

  test("lone surrogates and control characters are embedded, not choked on", async () => {
    const { usage } = await answer({ input: ["\ud800 hello \udfff", "hello\u0000 world\u0007"] });
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  test("as many inputs as the limit allows are answered", async () => {
    const { data } = await answer({ input: new Array(2048).fill("near"), encoding_format: "base64" });
    expect(data).toHaveLength(2048);
    expect(data.at(-1)?.index).toBe(2047);
  });
});

describe("options", () => {
  test("base64 carries the same floats bit by bit", async () => {
    const input = ["hello world", "the edge is near"];
    const floats = await answer({ input, encoding_format: "float" });
    const base64 = await answer({ input, encoding_format: "base64" });
    expect(base64.data.map(({ embedding }) => fromBase64(embedding))).toEqual(
      floats.data.map(({ embedding }) => asFloat32(embedding)),
    );
    expect(base64.usage).toEqual(floats.usage);
  });

  test("dimensions keeps the leading ones and normalizes again", async () => {
    const { data: all } = await answer({ input: "hello world" });
    const { data: three } = await answer({ input: "hello world", dimensions: 3 });
    const kept = (all[0]!.embedding as number[]).slice(0, 3);
    const norm = Math.hypot(...kept);
    const got = three[0]?.embedding as number[];
    expect(got).toHaveLength(3);
    expect(Math.hypot(...got)).toBeCloseTo(1, 6);
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(kept[i]! / norm, 6);
    });
  });

  test("dimensions and base64 go together", async () => {
    const { data } = await answer({ input: "hello world", dimensions: 3, encoding_format: "base64" });
    expect(fromBase64(data[0]?.embedding)).toHaveLength(3);
  });

  test("without a model the default one answers, and says so", async () => {
    expect((await answer({ input: "hello" })).model).toBe("tiny");
    expect((await answer({ input: "hello", model: null })).model).toBe("tiny");
  });

  test("null options, user and unknown fields change nothing", async () => {
    const plain = await answer({ input: "hello" });
    const extra = { user: "u1", dimensions: null, encoding_format: null, input_type: "query", __proto__: 1 };
    expect(await answer({ input: "hello", ...extra })).toEqual(plain);
  });
});
