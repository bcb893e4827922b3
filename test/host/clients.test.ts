/** What only one of the official clients of OpenAI, Cohere and Ollama asks; what all ask is in test/client/embedding-clients.test.ts. */
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toNumberType } from "../../shared/embedding/number-types.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

const artifact = tinyModel();
let worker: RunningWorker;
let model: StaticModel;
let openai: OpenAI;
let cohere: CohereClientV2;
let ollama: Ollama;

beforeAll(async () => {
  worker = await runWorker();
  await worker.upload("tiny", artifact);
  model = await StaticModel.load(artifact);
  openai = new OpenAI({ baseURL: `${worker.url}/v1`, apiKey: "not-needed", maxRetries: 0 });
  cohere = new CohereClientV2({ environment: worker.url, token: "not-needed", maxRetries: 0 });
  ollama = new Ollama({ host: worker.url });
}, startTimeout);
afterAll(async () => worker?.stop());

describe("cohere-ai", () => {
  test("gets every type at once, and what it is told about them", async () => {
    const texts = ["hello world", "the edge is near"];
    const embeddingTypes = ["float", "int8", "uint8", "binary", "ubinary", "base64"] as const;
    const answer = await cohere.embed({
      model: "tiny",
      texts,
      inputType: "clustering",
      embeddingTypes: [...embeddingTypes],
    });
    const vectors = model.encode(texts);
    const { base64, ...numbers } = answer.embeddings;
    for (const type of ["float", "int8", "uint8", "binary", "ubinary"] as const) {
      expect(numbers[type]?.map(asFloat32)).toEqual(vectors.map((vector) => [...toNumberType(vector, type)]));
    }
    expect(base64).toEqual(
      vectors.map((vector) => Buffer.from(vector.buffer, vector.byteOffset, 32).toString("base64")),
    );
    expect(answer.texts).toEqual(texts);
    expect(answer.meta?.billedUnits?.inputTokens).toBe(6);
    expect(answer.responseType).toBe("embeddings_by_type");
  });

  test("cuts either end off, or nothing", async () => {
    const long = `${"near ".repeat(20)}far far`;
    const embed = async (truncate: "NONE" | "START" | "END", text: string) => {
      const { embeddings } = await cohere.embed({
        model: "tiny",
        texts: [text],
        inputType: "classification",
        truncate,
      });
      return asFloat32(embeddings.float?.[0]);
    };
    expect(await embed("END", long)).toEqual([...model.encode("near ".repeat(16))]);
    const last = new Float32Array(model.dimensions);
    model.encodeInto(model.tokenize(long).slice(-16), last, 0);
    expect(await embed("START", long)).toEqual([...last]);
    expect(await embed("NONE", "near far")).toEqual([...model.encode("near far")]);
    await expect(embed("NONE", long)).rejects.toThrow(/at most 16 tokens, got 22/);
  });

  test("is told that there are no vectors for images", async () => {
    const image = "data:image/png;base64,AAAA";
    const images = cohere.embed({ model: "tiny", inputType: "image", images: [image] });
    await expect(images).rejects.toThrow(/a static model has vectors for words/);
    const inputs = [{ content: [{ type: "image_url", imageUrl: { url: image } } as const] }];
    await expect(cohere.embed({ model: "tiny", inputType: "image", inputs })).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  test("ranks documents", async () => {
    const documents = ["far", "hello world", "квантование", "hello"];
    const { results } = await cohere.rerank({ model: "tiny", query: "hello world", documents, topN: 3 });
    expect(results).toHaveLength(3);
    expect(results[0]).toMatchObject({ index: 1 });
    expect(results[0]!.relevanceScore).toBeCloseTo(1, 6);
    const scores = results.map(({ relevanceScore }) => relevanceScore);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(0);
  });
});

describe("ollama", () => {
  test("lists, describes and versions", async () => {
    const { models } = await ollama.list();
    expect(models.map(({ name }) => name)).toEqual(["nano:latest", "tiny:latest"]);
    expect(models[1]).toMatchObject({ size: artifact.length, details: { family: "static" } });
    const shown = await ollama.show({ model: models[1]!.name });
    expect(shown.capabilities).toEqual(["embedding"]);
    expect(shown.model_info).toMatchObject({ "static.embedding_length": model.dimensions });
    expect((await ollama.version()).version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("knows what is in memory", async () => {
    await ollama.embed({ model: "tiny", input: "hello" });
    const { models } = await ollama.ps();
    expect(models.map(({ name }) => name)).toContain("tiny:latest");
    const running = models.find(({ name }) => name === "tiny:latest")!;
    expect(running).toMatchObject({ size: expect.any(Number), size_vram: 0, details: { family: "static" } });
    expect(new Date(running.expires_at).getTime()).toBeGreaterThan(Date.now());
  });

  test("embeds as it did before", async () => {
    const { embedding } = await ollama.embeddings({ model: "tiny", prompt: "hello world" });
    expect(asFloat32(embedding)).toEqual([...model.encode("hello world")]);
  });

  test("loads a model by embedding nothing", async () => {
    expect((await ollama.embed({ model: "tiny", input: "" })).embeddings).toEqual([]);
    expect((await ollama.embed({ model: "tiny", input: [] })).embeddings).toEqual([]);
    expect((await ollama.embeddings({ model: "tiny", prompt: "" })).embedding).toEqual([]);
  });

  test("is answered by curl's own content type, as Ollama does", async () => {
    const response = await fetch(`${worker.url}/api/embed`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: '{"model":"tiny","input":"hello"}',
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ model: "tiny", prompt_eval_count: 1 });
  });

  test("is told what a static model does not do", async () => {
    const chat = ollama.chat({ model: "tiny", messages: [{ role: "user", content: "hello" }] });
    await expect(chat).rejects.toMatchObject({
      status_code: 400,
      message: expect.stringContaining("generates none"),
    });
  });
});

describe("openai", () => {
  test("gets other types of numbers", async () => {
    const create = (format: "float" | "base64", dtype: string) =>
      openai.post<OpenAI.CreateEmbeddingResponse>("/embeddings", {
        body: { model: "tiny", input: "hello world", encoding_format: format, output_dtype: dtype },
      });
    const vector = model.encode("hello world");
    for (const type of ["float", "int8", "uint8", "binary", "ubinary"] as const) {
      const numbers = toNumberType(vector, type);
      expect(asFloat32((await create("float", type)).data[0]?.embedding)).toEqual([...numbers]);
      const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      expect((await create("base64", type)).data[0]?.embedding).toBe(bytes.toString("base64"));
    }
  });
});
