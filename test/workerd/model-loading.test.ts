/** Models come out of R2 once, whole or not at all, and give way to newer ones and to the budget. */
import { reset } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { EmbeddingsResponse } from "../../shared/api/embeddings.ts";
import { modelOverheadBytes } from "../../shared/limits.ts";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { createApp } from "../../worker/app.ts";
import { ModelRegistry } from "../../worker/model-registry.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { ask, bindings, CountingBucket, embed, errorOf, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

async function vectorOf(response: Response): Promise<number[]> {
  expect(response.status).toBe(200);
  return asFloat32(((await response.json()) as EmbeddingsResponse).data[0]?.embedding);
}

async function expected(artifact: Uint8Array, text: string): Promise<number[]> {
  return [...(await StaticModel.load(artifact)).encode(text)];
}

describe("loading", () => {
  test("however many requests wait, the file is read once", async () => {
    await putModel("tiny", tinyModel());
    const bucket = new CountingBucket();
    const app = createApp();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => embed(app, { input: "hello" }, { bucket })),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(50).fill(200));
    expect(bucket.artifactReads).toBe(1);
    expect(bucket.reads).toHaveLength(2);
    await embed(app, { input: "world" }, { bucket });
    expect(bucket.reads).toHaveLength(2);
  });

  test("two models are loaded side by side", async () => {
    await putModel("tiny", tinyModel());
    await putModel("second", tinyModel({ seed: 2 }));
    const app = createApp();
    const [one, two] = await Promise.all([
      embed(app, { input: "hello", model: "tiny" }),
      embed(app, { input: "hello", model: "second" }),
    ]);
    expect(await vectorOf(one)).not.toEqual(await vectorOf(two));
  });

  test.each(["text-embedding-3-small", "../tiny", "models/tiny", "", "ti\u0000ny", "t".repeat(129)])(
    "a model that is not there gets 404: %j",
    async (model) => {
      await putModel("tiny", tinyModel());
      const response = await embed(createApp(), { input: "hello", model });
      expect(response.status).toBe(404);
      expect(await errorOf(response)).toMatchObject({ code: "model_not_found", param: "model" });
    },
  );

  test("a name that cannot be a model's is not looked up", async () => {
    const bucket = new CountingBucket();
    await embed(createApp(), { input: "hello", model: "../tiny" }, { bucket });
    expect(bucket.reads).toEqual([]);
  });

  test("a model that appears is found at once: its absence is not remembered", async () => {
    const app = createApp();
    expect((await embed(app, { input: "hello" })).status).toBe(404);
    await putModel("tiny", tinyModel());
    expect((await embed(app, { input: "hello" })).status).toBe(200);
  });
});

describe("storage that fails", () => {
  test("gets 503 with a time to come back, and is tried again by the next request", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await putModel("tiny", tinyModel());
    const bucket = new CountingBucket();
    const app = createApp();
    bucket.failure = new Error("internal error; please try again (10001)");
    for (const request of [
      embed(app, { input: "hello" }, { bucket }),
      ask(app, "/v1/models", {}, { bucket }),
    ]) {
      const response = await request;
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await errorOf(response)).toMatchObject({ code: "storage_unavailable", type: "server_error" });
    }
    bucket.failure = undefined;
    expect((await embed(app, { input: "hello" }, { bucket })).status).toBe(200);
  });

  test("in the middle of a file gets 503, and the next request loads it whole", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const artifact = tinyModel();
    await putModel("tiny", artifact);
    const bucket = new CountingBucket();
    const get = bucket.get;
    let breakOff = true;
    bucket.get = (async (key: string) => {
      const object = await get(key);
      if (!breakOff || object === null || !key.endsWith(".safetensors")) return object;
      const body = new ReadableStream({
        type: "bytes",
        pull(controller) {
          controller.enqueue(artifact.slice(0, 1000));
          controller.error(new Error("connection reset"));
        },
      });
      return { key, size: object.size, body };
    }) as R2Bucket["get"];
    const app = createApp();
    const response = await embed(app, { input: "hello" }, { bucket });
    expect(response.status).toBe(503);
    expect((await errorOf(response)).message).toContain("connection reset");
    breakOff = false;
    expect((await embed(app, { input: "hello" }, { bucket })).status).toBe(200);
  });
});

describe("a broken model file", () => {
  const artifact = tinyModel();
  const flipped = artifact.slice();
  flipped[flipped.length - 5]! ^= 0x10;
  const broken: [what: string, stored: Uint8Array, code: string][] = [
    ["truncated", artifact.slice(0, -100), "artifact_truncated"],
    ["cut down to nothing but a length", artifact.slice(0, 8), "artifact_truncated"],
    ["with a bit flipped", flipped, "artifact_corrupt"],
    [
      "that is something else",
      new TextEncoder().encode("<html>Not Found</html>".repeat(9)),
      "artifact_invalid",
    ],
  ];

  test.each(broken)(
    "%s gets 500 with its code, and is not streamed again at once",
    async (_, stored, code) => {
      vi.spyOn(console, "error").mockImplementation(() => {});
      await putModel("tiny", artifact, stored);
      const bucket = new CountingBucket();
      const app = createApp();
      for (let i = 0; i < 3; i++) {
        const response = await embed(app, { input: "hello" }, { bucket });
        expect(response.status).toBe(500);
        expect(await errorOf(response)).toMatchObject({ code, type: "server_error" });
      }
      expect(bucket.artifactReads).toBe(1);
    },
  );

  test("is tried again after a while", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    let now = 1_000_000;
    const sha256 = await putModel("tiny", artifact, flipped);
    const app = createApp({ registry: new ModelRegistry({ now: () => now }) });
    expect((await embed(app, { input: "hello" })).status).toBe(500);
    await bindings.MODELS.put(artifactKey("tiny", sha256), artifact);
    expect((await embed(app, { input: "hello" })).status).toBe(500);
    now += 60_000;
    expect((await embed(app, { input: "hello" })).status).toBe(200);
  });

  test.each([
    ["is not JSON", "{"],
    ["has no digest", "{}"],
    ["names a path in place of a digest", JSON.stringify({ sha256: "../../x", bytes: 1, previous: null })],
    ["names a file that is not there", JSON.stringify({ sha256: "0".repeat(64), bytes: 1, previous: null })],
  ])("whose pointer %s gets 500 artifact_invalid", async (_, pointer) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await bindings.MODELS.put(pointerKey("tiny"), pointer);
    const response = await embed(createApp(), { input: "hello" });
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toMatchObject({ code: "artifact_invalid" });
  });
});

describe("a pointer that moves", () => {
  const before = tinyModel({ seed: 1 });
  const after = tinyModel({ seed: 2 });

  async function served(): Promise<{ app: ReturnType<typeof createApp>; pass: (seconds: number) => void }> {
    let now = 1_000_000;
    await putModel("tiny", before);
    const app = createApp({ registry: new ModelRegistry({ now: () => now, pointerTtlSeconds: 30 }) });
    expect(await vectorOf(await embed(app, { input: "hello" }))).toEqual(await expected(before, "hello"));
    return {
      app,
      pass: (seconds) => {
        now += seconds * 1000;
      },
    };
  }

  test("is followed after its time to live, and no request waits for it", async () => {
    const { app, pass } = await served();
    await putModel("tiny", after);
    pass(29);
    expect(await vectorOf(await embed(app, { input: "hello" }))).toEqual(await expected(before, "hello"));
    pass(2);
    // This request notices; it is answered by the model at hand, and the new one loads behind it.
    expect(await vectorOf(await embed(app, { input: "hello" }))).toEqual(await expected(before, "hello"));
    expect(await vectorOf(await embed(app, { input: "hello" }))).toEqual(await expected(after, "hello"));
  });

  test("is read once, however many requests notice that it is due", async () => {
    const { app, pass } = await served();
    const bucket = new CountingBucket();
    pass(31);
    await Promise.all(Array.from({ length: 20 }, () => embed(app, { input: "hello" }, { bucket })));
    expect(bucket.reads).toEqual([pointerKey("tiny")]);
  });

  test.each([
    ["is broken", () => bindings.MODELS.put(pointerKey("tiny"), "{")],
    ["names a broken file", () => putModel("tiny", after, after.slice(0, -1))],
  ])("but %s leaves the old model in service, with a warning", async (_, breakIt) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { app, pass } = await served();
    await breakIt();
    for (let i = 0; i < 3; i++) {
      pass(31);
      expect(await vectorOf(await embed(app, { input: "hello" }))).toEqual(await expected(before, "hello"));
    }
    expect(warn).toHaveBeenCalledTimes(3);
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ event: "model_refresh_failed", model: "tiny" });
  });

  test("while R2 fails leaves the old model in service", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { app, pass } = await served();
    const bucket = new CountingBucket();
    bucket.failure = new Error("R2 is away");
    pass(31);
    expect((await embed(app, { input: "hello" }, { bucket })).status).toBe(200);
    expect((await embed(app, { input: "hello" }, { bucket })).status).toBe(200);
  });

  test("and is gone takes the model out of service", async () => {
    const { app, pass } = await served();
    await bindings.MODELS.delete(pointerKey("tiny"));
    pass(31);
    expect((await embed(app, { input: "hello" })).status).toBe(200);
    expect((await embed(app, { input: "hello" })).status).toBe(404);
  });
});

describe("the memory budget", () => {
  async function setUp(
    models: number,
  ): Promise<{ registry: ModelRegistry; app: ReturnType<typeof createApp> }> {
    for (const seed of [1, 2, 3]) await putModel(`m${seed}`, tinyModel({ seed }));
    const residentBytes = (await StaticModel.load(tinyModel())).byteLength;
    const loadingBytes = tinyModel().byteLength + modelOverheadBytes;
    const registry = new ModelRegistry({ budgetBytes: (models - 1) * residentBytes + loadingBytes });
    return { registry, app: createApp({ registry }) };
  }
  const names = (registry: ModelRegistry) => registry.memory.list().map(({ name }) => name);

  test("evicts the model that was used least recently, and loads it again when asked", async () => {
    const { registry, app } = await setUp(2);
    const bucket = new CountingBucket();
    for (const model of ["m1", "m2", "m1", "m3"]) {
      expect((await embed(app, { input: "hello", model }, { bucket })).status).toBe(200);
      expect(registry.memory.usedBytes).toBeLessThanOrEqual(registry.memory.budgetBytes);
    }
    expect(names(registry)).toEqual(["m1", "m3"]);
    expect(bucket.artifactReads).toBe(3);
    expect((await embed(app, { input: "hello", model: "m2" }, { bucket })).status).toBe(200);
    expect(bucket.artifactReads).toBe(4);
    expect(names(registry)).toEqual(["m3", "m2"]);
  });

  test("refuses a model that can never fit, without reading it", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await putModel("tiny", tinyModel());
    const bucket = new CountingBucket();
    const app = createApp({ registry: new ModelRegistry({ budgetBytes: 1024 * 1024 }) });
    const response = await embed(app, { input: "hello" }, { bucket });
    expect(response.status).toBe(500);
    expect(await errorOf(response)).toMatchObject({ code: "model_too_large" });
    expect(bucket.artifactReads).toBe(0);
  });

  test("counts loads under way: what does not fit beside them is told to come back", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { app } = await setUp(1);
    const answers = await Promise.all(["m1", "m2"].map((model) => embed(app, { input: "hello", model })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
    const refused = answers.find(({ status }) => status === 503)!;
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await errorOf(refused)).toMatchObject({ code: "model_memory_busy" });
  });

  test("gives back the room of a load that failed", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { app } = await setUp(1);
    await putModel("broken", tinyModel(), tinyModel().slice(0, -1));
    expect((await embed(app, { input: "hello", model: "broken" })).status).toBe(500);
    expect((await embed(app, { input: "hello", model: "m1" })).status).toBe(200);
  });
});
