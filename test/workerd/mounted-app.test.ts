/** createApp in somebody else's app: its bindings' names, its pages, two of it side by side. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { Hono } from "hono";
import { beforeEach, expect, test } from "vitest";
import { createApp } from "../../worker/app.ts";
import type { ModelBucket } from "../../worker/model-bucket.ts";
import { bindings, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

interface Env {
  readonly TABLES: ModelBucket;
  readonly EMPTY: ModelBucket;
}

/** A bucket without models, of which there is only one in the test's settings. */
const emptyBucket: ModelBucket = {
  get: (async () => null) as unknown as R2Bucket["get"],
  list: (async () => ({ objects: [], truncated: false })) as unknown as R2Bucket["list"],
};
const env: Env = { TABLES: bindings.MODELS, EMPTY: emptyBucket };

const seenAfterwards: unknown[] = [];
const app = new Hono<{ Bindings: Env }>();
app.use(async (c, next) => {
  await next();
  seenAfterwards.push(c.env);
});
app.route(
  "/full",
  createApp({
    access: "open",
    bindings: ({ TABLES }: Env) => ({ MODELS: TABLES as R2Bucket, DEFAULT_MODEL: "tiny" }),
  }),
);
app.route(
  "/empty",
  createApp({
    access: "open",
    bindings: ({ EMPTY }: Env) => ({ MODELS: EMPTY as R2Bucket }),
    pages: false,
  }),
);
app.route("/closed", createApp());

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await app.request(path, init, env, context);
  await waitOnExecutionContext(context);
  return response;
}

const embed = (path: string) =>
  ask(`${path}/v1/embeddings`, {
    method: "POST",
    body: '{"input": "hello", "model": "tiny"}',
    headers: { "content-type": "application/json" },
  });

beforeEach(() => putModel("tiny", tinyModel()));

test("takes its bindings from where the app around it has them, and leaves that app its own", async () => {
  const answer = await embed("/full");
  expect([answer.status, await answer.json()]).toMatchObject([200, { model: "tiny" }]);
  expect(seenAfterwards.at(-1)).toBe(env);
});

test("is as closed without keys as a worker of its own, unless the app around it answers for its callers", async () => {
  const answer = await embed("/closed");
  expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: "no_api_keys" } }]);
});

test("has its models to itself, though two of it share the isolate's memory", async () => {
  expect((await embed("/full")).status).toBe(200);
  const other = await embed("/empty");
  expect([other.status, await other.json()]).toMatchObject([404, { error: { code: "model_not_found" } }]);
  const health = async (path: string) =>
    (await ask(`${path}/health`)).json<{ memory: object; models: object[] }>();
  const empty = await health("/empty");
  const full = await health("/full");
  expect(full.memory).toEqual(empty.memory);
  expect(full.models).toMatchObject([{ id: "tiny" }]);
  expect(empty.models).toMatchObject([{ id: "nano" }]);
});

test("shows a browser something, from the path at which it is mounted", async () => {
  const browser = { headers: { accept: "text/html" } };
  const response = await ask("/full", browser);
  const location = response.headers.get("location");
  const { pathname } = new URL(location ?? "", "http://worker/full");
  const page = location === null ? response : await ask(pathname, browser);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toContain("text/html");
});

test("leaves what it does not have to the app around it, and gives that answer an id, too", async () => {
  const answer = await ask("/full/nowhere");
  expect([answer.status, await answer.text()]).toEqual([404, "404 Not Found"]);
  expect(answer.headers.get("x-request-id")).toMatch(/^req_/);
  expect(seenAfterwards.at(-1)).toBe(env);
});

test("leaves its pages out where they are not wanted", async () => {
  for (const path of ["/empty/docs", "/empty/openapi.json"]) expect((await ask(path)).status).toBe(404);
  const root = await ask("/empty", { headers: { accept: "text/html" } });
  expect(await root.text()).toBe("nearvec is running");
});
