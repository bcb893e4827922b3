/** The routes beside embeddings, and what holds for every answer. */
import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { healthSchema } from "../../shared/api/health.ts";
import { modelListSchema, modelSchema } from "../../shared/api/model-list.ts";
import { artifactKey } from "../../shared/model-store/model-location.ts";
import { createApp } from "../../worker/app.ts";
import { ModelRegistry } from "../../worker/model-registry.ts";
import { ask, bindings, CountingBucket, errorOf, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const app = createApp();

beforeEach(async () => {
  await putModel("tiny", tinyModel());
});

describe("models", () => {
  test("are listed with the date they were put in force", async () => {
    await putModel("other.model_2", tinyModel({ seed: 2 }));
    const { data } = modelListSchema.parse(await (await ask(app, "/v1/models")).json());
    expect(data.map(({ id }) => id)).toEqual(["nano", "other.model_2", "tiny"]);
    expect(data[1]?.owned_by).toBe("nearvec");
    expect(Math.abs(data[1]!.created - Date.now() / 1000)).toBeLessThan(60);
  });

  test("are not listed before their pointer is there, nor is anything else in the bucket", async () => {
    await bindings.MODELS.put(artifactKey("unfinished", "0".repeat(64)), "half a model");
    await bindings.MODELS.put("models/a/b/current.json", "{}");
    const { data } = modelListSchema.parse(await (await ask(app, "/v1/models")).json());
    expect(data.map(({ id }) => id)).not.toContain("unfinished");
    expect(data.map(({ id }) => id)).not.toContain("a/b");
  });

  test("are all listed where one page of the bucket's list does not hold them", async () => {
    const pages = new CountingBucket();
    pages.list = (options) => bindings.MODELS.list({ ...options, limit: 1 });
    const { data } = modelListSchema.parse(
      await (await ask(app, "/v1/models", {}, { bucket: pages })).json(),
    );
    expect(data.map(({ id }) => id)).toContain("tiny");
  });

  test("are described one by one", async () => {
    const response = await ask(app, "/v1/models/tiny");
    expect(modelSchema.parse(await response.json()).id).toBe("tiny");
  });

  test.each(["none", "..%2F..%2Fsecret", "%00", "a".repeat(200), "tiny%2Fcurrent.json"])(
    "that do not exist get 404: %s",
    async (id) => {
      const response = await ask(app, `/v1/models/${id}`);
      expect(response.status).toBe(404);
      expect((await errorOf(response)).code).toMatch(/^(model_)?not_found$/);
    },
  );
});

describe("health", () => {
  test("is ok once the default model is loaded, and says what the isolate holds", async () => {
    const registry = new ModelRegistry();
    const health = healthSchema.parse(await (await ask(createApp({ registry }), "/health")).json());
    expect(health).toMatchObject({
      status: "ok",
      default_model: "tiny",
      models: [{ id: "tiny", dimensions: 8 }],
    });
    expect(health.memory.used_bytes).toBe(health.models[0]?.resident_bytes);
    expect(health.memory.used_bytes).toBeGreaterThan(0);
  });

  test("is not ok without the default model", async () => {
    const response = await ask(app, "/health", {}, { defaultModel: "absent" });
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: "model_not_found", param: "model" });
  });
});

describe("every answer", () => {
  const cases: [method: string, path: string, status: number][] = [
    ["GET", "/health", 200],
    ["GET", "/v1/models", 200],
    ["GET", "/nowhere", 404],
    ["DELETE", "/v1/embeddings", 405],
    ["POST", "/v1/embeddings", 400],
    ["OPTIONS", "/v1/embeddings", 204],
    ["HEAD", "/health", 200],
  ];
  test.each(cases)("%s %s carries a request id of its own", async (method, path, status) => {
    const first = await ask(app, path, { method });
    const second = await ask(app, path, { method });
    expect(first.status).toBe(status);
    expect(first.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
    expect(second.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
  });

  test("of those that are made at the same time has its own id, timing and body", async () => {
    const texts = ["hello", "hello world", "near", "far"];
    const post = { method: "POST", headers: { "content-type": "application/json" } };
    const answers = await Promise.all(
      texts.flatMap((input) => [
        ask(app, "/"),
        ask(app, "/v1/embeddings", { ...post, body: JSON.stringify({ input }) }),
        ask(app, "/embed", { ...post, body: JSON.stringify({ inputs: input }) }),
      ]),
    );
    expect(new Set(answers.map(({ headers }) => headers.get("x-request-id"))).size).toBe(answers.length);
    for (const [i, { status, headers }] of answers.entries()) {
      expect([status, headers.get("server-timing")]).toEqual([200, expect.stringMatching(/^load;dur=/)]);
      const type = i % 3 === 0 ? "text/plain; charset=UTF-8" : "application/json";
      expect([headers.get("content-type"), headers.get("vary")]).toEqual([
        type,
        i % 3 === 0 ? "accept" : null,
      ]);
    }
  });

  test.each([
    ["GET", "/v1/embeddings", "POST, OPTIONS"],
    ["POST", "/v1/models", "GET, HEAD, OPTIONS"],
    ["PUT", "/v1/models/tiny", "GET, HEAD, OPTIONS"],
    ["DELETE", "/health", "GET, HEAD, OPTIONS"],
  ])("%s %s gets 405 and is told what is allowed", async (method, path, allow) => {
    const response = await ask(app, path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await errorOf(response)).toMatchObject({
      code: "method_not_allowed",
      type: "invalid_request_error",
    });
  });

  test("to HEAD has no body", async () => {
    expect(await (await ask(app, "/health", { method: "HEAD" })).text()).toBe("");
  });

  test("about our own mistake names the request and hides the details", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = createApp({ registry: { get: () => Promise.reject(new Error("a secret")) } as never });
    const response = await ask(broken, "/health");
    expect(response.status).toBe(500);
    const { message, type, code } = await errorOf(response);
    expect({ type, code }).toEqual({ type: "server_error", code: "internal_error" });
    expect(message).toContain(response.headers.get("x-request-id"));
    expect(message).not.toContain("secret");
    expect(JSON.stringify(log.mock.calls)).toContain("a secret");
    log.mockRestore();
  });
});

test("the worker's entry serves the app, to nobody without a key", async () => {
  const worker = (exports as unknown as { default: Fetcher }).default;
  const response = await worker.fetch("https://nearvec.test/v1/models");
  expect(response.status).toBe(401);
  expect((await errorOf(response)).code).toBe("no_api_keys");
});
