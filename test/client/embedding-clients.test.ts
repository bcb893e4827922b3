/** One table of cases for every client: over HTTP to a running worker, and in process. */
import { TextNode } from "@llamaindex/core/schema";
import * as ai7 from "ai";
import * as ai6 from "ai-6";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddingModel } from "../../client/ai/index.ts";
import { NearvecClient } from "../../client/http/index.ts";
import { NearvecEmbedding } from "../../client/llamaindex/index.ts";
import type { NearvecError } from "../../shared/errors.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { clientCases, refusedCases, splitCase, tooManyCase, wrongModelCase } from "./client-cases.ts";
import { adapters, httpClients, type TestedClient } from "./tested-clients.ts";

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

interface Row {
  /** Once the worker is there. */
  readonly make: () => TestedClient;
  readonly splits: boolean;
  readonly inProcess: boolean;
}

const rows: [name: string, row: Row][] = [
  ...Object.entries(httpClients("http://worker")).map(([name, { splits }]): [string, Row] => [
    name,
    { make: () => httpClients(worker.url)[name]!, splits, inProcess: false },
  ]),
  ...Object.entries(adapters).flatMap(([name, adapt]): [string, Row][] => [
    [`${name}, over HTTP`, { make: () => adapt(client), splits: true, inProcess: false }],
    [`${name}, in process`, { make: () => adapt(model), splits: true, inProcess: true }],
  ]),
];

describe.each(rows)("%s", (_, { make, splits, inProcess }) => {
  const expected = (texts: readonly string[], dimensions = model.dimensions) =>
    model.encode(texts, { dimensions });
  const floats = (vectors: readonly ArrayLike<number>[]) =>
    vectors.map((vector) => Float32Array.from(vector));

  test.each(splits ? [...clientCases, splitCase] : clientCases)(
    "embeds $name",
    async ({ texts, dimensions }) => {
      const vectors = await make().embed(texts, { dimensions });
      expect(floats(vectors)).toEqual(expected(texts.slice(0, vectors.length), dimensions));
      expect(vectors.length).toBeGreaterThanOrEqual(Math.min(texts.length, 10));
    },
  );

  test("mixes up nothing where many ask at once", async () => {
    const { embed } = make();
    const texts = Array.from({ length: 24 }, (_, i) => ["hello ".repeat(1 + i), "far edge ".repeat(24 - i)]);
    const answers = await Promise.all(texts.map((pair) => embed(pair)));
    expect(answers.map(floats)).toEqual(texts.map((pair) => expected(pair)));
  });

  test.each([...refusedCases, ...(inProcess ? [] : [wrongModelCase]), ...(splits ? [] : [tooManyCase])])(
    "raises its own error for $name",
    async ({ texts, request, status, message }) => {
      const { embed, statusOf } = make();
      const error = await embed(texts, request).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(statusOf(error)).toBe(status);
      expect((error as Error).message).toMatch(message);
    },
  );
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
