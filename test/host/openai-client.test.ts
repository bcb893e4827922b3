/** The official `openai` client, unchanged, against a running worker. */
import OpenAI, { type APIError, BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { tinyModel, tinyVocabulary } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

const artifact = tinyModel();
let worker: RunningWorker;
let client: OpenAI;

beforeAll(async () => {
  worker = await runWorker();
  await worker.upload("tiny", artifact);
  client = new OpenAI({ baseURL: `${worker.url}/v1`, apiKey: "not-needed", maxRetries: 0 });
}, startTimeout);
afterAll(async () => worker?.stop());

describe("embeddings.create", () => {
  test("returns the vectors that the model makes in Node, to the last bit", async () => {
    const model = await StaticModel.load(artifact);
    const texts = ["hello world", "the edge is near", "ünknöwn"];
    const { data, usage } = await client.embeddings.create({ model: "tiny", input: texts });
    expect(data.map(({ embedding }) => embedding)).toEqual(model.encode(texts).map((vector) => [...vector]));
    expect(usage).toEqual({ prompt_tokens: 6, total_tokens: 6 });
  });

  test("takes floats as well as base64, which it asks for by itself", async () => {
    const input = "hello world";
    const byDefault = await client.embeddings.create({ model: "tiny", input });
    const floats = await client.embeddings.create({ model: "tiny", input, encoding_format: "float" });
    expect(asFloat32(floats.data[0]?.embedding)).toEqual(byDefault.data[0]?.embedding);
  });

  test("takes token ids and dimensions", async () => {
    const { data } = await client.embeddings.create({ model: "tiny", input: [[2, 3], [4]], dimensions: 4 });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([4, 4]);
  });

  test("raises its own error classes, with our code and param", async () => {
    const create = (body: Partial<OpenAI.EmbeddingCreateParams>) =>
      client.embeddings.create({ model: "tiny", input: "hello", ...body }).catch((error: unknown) => error);
    const unknownModel = await create({ model: "text-embedding-3-small" });
    expect(unknownModel).toBeInstanceOf(NotFoundError);
    expect(unknownModel).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
    const badId = await create({ input: [[tinyVocabulary.length]] });
    expect(badId).toBeInstanceOf(BadRequestError);
    expect(badId).toMatchObject({
      code: "invalid_request",
      param: "input[0][0]",
      type: "invalid_request_error",
    });
    expect((badId as APIError).requestID).toMatch(/^req_/);
  });
});

test("models.list and models.retrieve", async () => {
  const names: string[] = [];
  for await (const model of client.models.list()) names.push(model.id);
  expect(names).toEqual(["nano", "tiny"]);
  expect(await client.models.retrieve("tiny")).toMatchObject({
    id: "tiny",
    object: "model",
    owned_by: "nearvec",
  });
  await expect(client.models.retrieve("none")).rejects.toBeInstanceOf(NotFoundError);
});
