/** One table of cases for every client: over HTTP to a running worker, and in process. */
import { TextNode } from "@llamaindex/core/schema";
import * as ai7 from "ai";
import * as ai6 from "ai-6";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddingModel } from "../../client/ai/index.ts";
import { NearvecClient } from "../../client/http/index.ts";
import { NearvecEmbedding } from "../../client/llamaindex/index.ts";
import { NearvecError } from "../../shared/errors.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { tinyDimensions, tinyModel } from "../workerd/tiny-model.ts";
import { clientCases } from "./client-cases.ts";
import { adapters, type Embed, httpClients } from "./tested-clients.ts";

const artifact = tinyModel();
let worker: RunningWorker;
let model: StaticModel;
let client: NearvecClient;

beforeAll(async () => {
  model = await StaticModel.load(artifact);
  worker = await runWorker();
  await worker.upload("tiny", artifact);
  client = new NearvecClient({ baseUrl: worker.url });
}, startTimeout);
afterAll(async () => worker?.stop());

const clients: Record<string, () => Embed> = Object.fromEntries([
  ...Object.keys(httpClients("http://worker")).map((name) => [name, () => httpClients(worker.url)[name]]),
  ...Object.entries(adapters).flatMap(([name, adapt]) => [
    [`${name}, over HTTP`, () => adapt(client)],
    [`${name}, in process`, () => adapt(model)],
  ]),
]);

describe.each(Object.entries(clients))("%s", (_, make) => {
  test.each(clientCases)("embeds $name", async ({ texts, dimensions }) => {
    const vectors = await make()(texts, dimensions);
    const expected = model.encode(
      texts.slice(0, vectors.length),
      dimensions === undefined ? {} : { dimensions },
    );
    expect(vectors.map((vector) => Float32Array.from(vector))).toEqual(expected);
    expect(vectors.length).toBeGreaterThanOrEqual(Math.min(texts.length, 10));
  });
});

describe.each(Object.entries(adapters))("%s", (_, adapt) => {
  test.each(["over HTTP", "in process"])("says what is wrong in the same words, %s", async (where) => {
    const embed = adapt(where === "in process" ? model : client);
    const failure = async (texts: string[], dimensions?: number) => {
      const thrown: unknown = await embed(texts, dimensions).catch((error: unknown) => error);
      expect(NearvecError.isInstance(thrown)).toBe(true);
      const { code, status, param } = thrown as NearvecError;
      return { code, status, param };
    };
    expect(await failure(["hello"], tinyDimensions + 1)).toEqual({
      code: "invalid_request",
      status: 400,
      param: "dimensions",
    });
    expect(await failure([""])).toEqual({ code: "invalid_request", status: 400, param: "input[0]" });
  });
});

describe("NearvecClient", () => {
  test("names models, describes one, and says what the worker holds", async () => {
    expect((await client.models()).map(({ id }) => id)).toEqual(["nano", "tiny"]);
    expect(await client.model("tiny")).toMatchObject({ id: "tiny", object: "model", bundled: false });
    expect(await client.health()).toMatchObject({ status: "ok", default_model: "tiny" });
  });

  test("carries the worker's error, and the request's id in its logs", async () => {
    const error = await client.embed("hello", { model: "none" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "model_not_found", status: 404, param: "model" });
    expect((error as NearvecError).requestId).toMatch(/^req_[0-9a-f]{32}$/);
    await expect(client.model("no/such model?")).rejects.toMatchObject({ code: "model_not_found" });
  });

  test("names the text that is wrong among many", async () => {
    const texts = [...Array(2050).fill("hello"), "x".repeat(1024 * 1024 + 1)];
    await expect(client.embed(texts)).rejects.toMatchObject({
      code: "invalid_request",
      param: "input[2050]",
    });
  });

  test("counts tokens as the model in process does", async () => {
    const texts = ["hello world", "the edge is near", "ünknöwn"];
    const { tokens, model: name } = await client.embedWithUsage(texts);
    expect({ tokens, name }).toEqual({ tokens: 6, name: "tiny" });
  });
});

describe("AI SDK", () => {
  // Assigning is the test: tsc checks that either version accepts it.
  const accepted: [ai6.EmbeddingModel, ai7.EmbeddingModel] = [
    embeddingModel(new NearvecClient({ baseUrl: "http://worker" })),
    embeddingModel(new NearvecClient({ baseUrl: "http://worker" }), { model: "base" }),
  ];

  test("knows the model by its name", async () => {
    expect(accepted).toMatchObject([{ modelId: "default" }, { modelId: "base" }]);
    expect(embeddingModel(model).modelId).toBe("tiny");
  });

  test.each([
    ["6", ai6],
    ["7", ai7],
  ] as const)("%s counts tokens, and passes signals on", async (_, ai) => {
    for (const source of [client, model]) {
      const values = ["hello world", "the edge is near"];
      const { usage } = await ai.embedMany({ model: embeddingModel(source), values });
      expect(usage.tokens).toBe(6);
      const abortSignal = AbortSignal.abort(new Error("changed my mind"));
      const work = ai.embed({ model: embeddingModel(source), value: "hello", abortSignal, maxRetries: 0 });
      await expect(work).rejects.toThrow("changed my mind");
    }
  });
});

describe("LlamaIndex.TS", () => {
  test("sends as many texts in one request as a worker takes", async () => {
    const sizes: number[] = [];
    const source = {
      embedWithUsage: (texts: readonly string[]) => {
        sizes.push(texts.length);
        return client.embedWithUsage(texts);
      },
    };
    await new NearvecEmbedding({ source }).getTextEmbeddingsBatch(Array(3000).fill("hello"));
    expect(sizes).toEqual([2048, 952]);
  });

  test("embeds queries and nodes as texts", async () => {
    const embedding = new NearvecEmbedding({ source: model });
    const expected = Array.from(model.encode("hello world"));
    expect(await embedding.getQueryEmbedding({ type: "text", text: "hello world" })).toEqual(expected);
    const [node] = await embedding([new TextNode({ text: "hello world" })]);
    expect(node?.embedding).toEqual(expected);
  });
});
