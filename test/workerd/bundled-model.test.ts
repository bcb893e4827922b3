/** The model in the worker's own bundle answers without a bucket, and never in place of another model. */
import { reset } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EmbeddingsResponse } from "../../shared/api/embeddings.ts";
import { healthSchema } from "../../shared/api/health.ts";
import { modelListSchema, modelSchema } from "../../shared/api/model-list.ts";
import { modelOverheadBytes } from "../../shared/limits.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { createApp } from "../../worker/app.ts";
import type { BundledModel } from "../../worker/bundled-model.ts";
import { ModelRegistry } from "../../worker/model-registry.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { tinyModel as tinyPackedModel } from "../support/tiny-model.ts";
import { type AskOptions, ask, CountingBucket, embed, errorOf, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const artifact = tinyModel({ seed: 9 });
const bundled: BundledModel = { name: "carried", bytes: artifact.slice().buffer };
const withoutBucket: AskOptions = { bucket: null, defaultModel: null };

beforeEach(async () => {
  await putModel("tiny", tinyModel({ seed: 1 }));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

function setUp(budgetBytes?: number) {
  const registry = new ModelRegistry({ bundled, ...(budgetBytes === undefined ? {} : { budgetBytes }) });
  return { app: createApp({ registry }), registry, bucket: new CountingBucket() };
}

async function answerOf(response: Response): Promise<{ model: string; vector: number[] }> {
  expect(response.status).toBe(200);
  const { model, data } = (await response.json()) as EmbeddingsResponse;
  return { model, vector: asFloat32(data[0]?.embedding) };
}

async function vectorOf(file: Uint8Array): Promise<number[]> {
  return [...(await StaticModel.load(file)).encode("hello world")];
}

const request = { input: "hello world" };

describe("a request for the bundled model", () => {
  const named = { ...request, model: "carried" };

  test("gets its vectors to the last bit, and never reads the bucket", async () => {
    const { app, bucket } = setUp();
    const { model, vector } = await answerOf(await embed(app, named, { bucket }));
    expect(model).toBe("carried");
    expect(vector).toEqual(await vectorOf(artifact));
    await embed(app, named, { bucket });
    expect(bucket.reads).toEqual([]);
  });

  test("is not answered by a model of that name in the bucket", async () => {
    await putModel("carried", tinyModel({ seed: 2 }));
    const { vector } = await answerOf(await embed(setUp().app, named));
    expect(vector).toEqual(await vectorOf(artifact));
  });

  test("is answered while the bucket fails", async () => {
    const { app, bucket } = setUp();
    bucket.failure = new Error("R2 is away");
    expect((await answerOf(await embed(app, named, { bucket }))).model).toBe("carried");
  });

  test("finds it as it was loaded, however long ago that was", async () => {
    const load = vi.spyOn(StaticModel, "load");
    let now = 1_000_000;
    const app = createApp({ registry: new ModelRegistry({ bundled, now: () => now }) });
    const bucket = new CountingBucket();
    await embed(app, named, { bucket });
    now += 3_600_000;
    expect((await answerOf(await embed(app, named, { bucket }))).model).toBe("carried");
    expect(bucket.reads).toEqual([]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("with dimensions is refused where its dimensions are rotated, and says why", async () => {
    const rotated = tinyPackedModel({ rowType: "int1", rotated: true, dimensions: 8 });
    const registry = new ModelRegistry({ bundled: { name: "carried", bytes: rotated.slice().buffer } });
    const app = createApp({ registry });
    const response = await embed(app, { ...named, dimensions: 4 }, withoutBucket);
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: "invalid_request", param: "dimensions" });
    expect(error.message).toMatch(/no dimensions, or 8, got 4: .* rotated/);
    expect((await embed(app, { ...named, dimensions: 8 }, withoutBucket)).status).toBe(200);
  });
});

describe("a request that names no model", () => {
  test.each<[what: string, options: AskOptions, model: string, reads: number]>([
    ["by DEFAULT_MODEL where the bucket has it", {}, "tiny", 2],
    ["by the bundled model where DEFAULT_MODEL is not set", { defaultModel: null }, "carried", 0],
    ["by the bundled model where DEFAULT_MODEL is empty", { defaultModel: "" }, "carried", 0],
    ["by the bundled model where DEFAULT_MODEL is its name", { defaultModel: "carried" }, "carried", 0],
    ["by the bundled model where there is no bucket", { bucket: null }, "carried", 0],
    ["by the bundled model where there is neither", withoutBucket, "carried", 0],
  ])("is answered %s, and told so", async (_, options, model, reads) => {
    const { app, bucket } = setUp();
    const answer = await answerOf(await embed(app, request, { bucket, ...options }));
    expect(answer.model).toBe(model);
    expect(answer.vector).toEqual(await vectorOf(model === "tiny" ? tinyModel({ seed: 1 }) : artifact));
    expect(bucket.reads).toHaveLength(reads);
  });

  test("gets 404 where the bucket lacks DEFAULT_MODEL, and is told what to do", async () => {
    const { app, registry } = setUp();
    const response = await embed(app, request, { defaultModel: "absent" });
    expect(response.status).toBe(404);
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
    expect(error.message).toMatch(/default model "absent".*nearvec upload.*DEFAULT_MODEL to "carried"/);
    expect(registry.memory.list()).toEqual([]);
  });

  test("gets 503 while the bucket fails, even if the bundled model is loaded", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { app, bucket } = setUp();
    await embed(app, { ...request, model: "carried" }, { bucket });
    bucket.failure = new Error("R2 is away");
    const response = await embed(app, request, { bucket });
    expect(response.status).toBe(503);
    expect(await errorOf(response)).toMatchObject({ code: "storage_unavailable" });
  });

  test("gets 500 while the default model's file is broken", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await putModel("tiny", tinyModel(), tinyModel().slice(0, -1));
    const response = await embed(setUp().app, request);
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toMatchObject({ code: "artifact_truncated" });
  });
});

describe("a worker without a bucket", () => {
  test.each(["tiny", "text-embedding-3-small", "../carried", ""])(
    "has no other model: %j gets 404",
    async (model) => {
      const response = await embed(setUp().app, { ...request, model }, withoutBucket);
      expect(response.status).toBe(404);
      expect(await errorOf(response)).toMatchObject({ code: "model_not_found", param: "model" });
    },
  );

  test("lists and describes the bundled model alone", async () => {
    const { app } = setUp();
    const { data } = modelListSchema.parse(await (await ask(app, "/v1/models", {}, withoutBucket)).json());
    expect(data).toEqual([
      { id: "carried", object: "model", created: 0, owned_by: "nearvec", bundled: true },
    ]);
    const one = modelSchema.parse(await (await ask(app, "/v1/models/carried", {}, withoutBucket)).json());
    expect(one).toEqual(data[0]);
    expect((await ask(app, "/v1/models/tiny", {}, withoutBucket)).status).toBe(404);
  });

  test("is healthy, and says which file it carries", async () => {
    const { app, registry } = setUp();
    const health = healthSchema.parse(await (await ask(app, "/health", {}, withoutBucket)).json());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", artifact));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(health).toMatchObject({
      status: "ok",
      default_model: "carried",
      models: [{ id: "carried", sha256, bundled: true, dimensions: 8 }],
    });
    expect(health.memory.used_bytes).toBe(registry.memory.usedBytes);
  });

  test("answers with the file in models/ unless told otherwise", async () => {
    const { model, vector } = await answerOf(await embed(createApp(), request, withoutBucket));
    expect(model).toBe("nano");
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });
});

describe("beside a bucket", () => {
  test("is listed first and once, even if the bucket has a model of its name", async () => {
    await putModel("carried", tinyModel({ seed: 2 }));
    const { app, bucket } = setUp();
    const { data } = modelListSchema.parse(await (await ask(app, "/v1/models")).json());
    expect(data.map(({ id, bundled }) => [id, bundled])).toEqual([
      ["carried", true],
      ["tiny", false],
    ]);
    const one = modelSchema.parse(await (await ask(app, "/v1/models/carried", {}, { bucket })).json());
    expect(one.bundled).toBe(true);
    expect(bucket.reads).toEqual([]);
  });

  test("health tells bundled and stored models apart", async () => {
    const { app } = setUp();
    await embed(app, { ...request, model: "carried" });
    const health = healthSchema.parse(await (await ask(app, "/health")).json());
    expect(health.default_model).toBe("tiny");
    expect(health.models.map(({ id, bundled }) => [id, bundled])).toEqual([
      ["carried", true],
      ["tiny", false],
    ]);
  });
});

describe("in memory", () => {
  test("it is loaded once, however many requests wait", async () => {
    const load = vi.spyOn(StaticModel, "load");
    const { app } = setUp();
    const answers = await Promise.all(Array.from({ length: 20 }, () => embed(app, request, withoutBucket)));
    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("it counts in the budget, gives way to others, and is loaded again when asked for", async () => {
    const residentBytes = (await StaticModel.load(artifact)).byteLength;
    await putModel("second", tinyModel({ seed: 2 }));
    const { app, registry } = setUp(residentBytes + artifact.byteLength + modelOverheadBytes);
    const names = () => registry.memory.list().map(({ name }) => name);
    for (const model of ["carried", "tiny", "second"]) await embed(app, { ...request, model });
    expect(names()).toEqual(["tiny", "second"]);
    const { vector } = await answerOf(await embed(app, { ...request, model: "carried" }));
    expect(vector).toEqual(await vectorOf(artifact));
    expect(names()).toEqual(["second", "carried"]);
  });

  test("it is refused where it can never fit, and leaves no room taken", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await embed(setUp(1024).app, request, withoutBucket);
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toMatchObject({ code: "model_too_large" });
  });

  test("it gives back the room of a load that failed", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = { name: "carried", bytes: artifact.slice(0, -1).buffer };
    const budgetBytes = artifact.byteLength + modelOverheadBytes;
    const app = createApp({ registry: new ModelRegistry({ bundled: broken, budgetBytes }) });
    const response = await embed(app, { ...request, model: "carried" });
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toMatchObject({ code: "artifact_truncated" });
    expect((await embed(app, { ...request, model: "tiny" })).status).toBe(200);
  });
});
