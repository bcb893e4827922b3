/** Every route of the worker, and who may call it: nobody without a key, and no key beyond its scopes and collections. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Scope, scopes } from "../../shared/access/scope.ts";
import { routeNeeds } from "../../worker/access/route-needs.ts";
import { createApp } from "../../worker/app.ts";
import { type Dialect, errorSchemas } from "../../worker/error-dialects.ts";
import { expectGuarded } from "../../worker/route.ts";
import { ClosedWorker, putKey } from "./key-fixtures.ts";
import { putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

/** What is meant, route by route, beside what worker/access/route-needs.ts says. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  nothing: ["GET /health"],
  page: ["GET /", "GET /playground/:file", "GET /docs", "GET /openapi.json"],
  key: [
    ...["GET /v1/models", "GET /v1/models/:id", "GET /info", "GET /metrics"],
    ...["GET /api/tags", "GET /api/ps", "DELETE /api/delete", "POST /api/show", "GET /api/version"],
    ...["generate", "chat", "pull", "push", "create", "copy"].map((path) => `POST /api/${path}`),
  ],
  embed: [
    ...["embeddings", "encode_as_sequence", "similarity", "rerank"].map((path) => `POST /v1/${path}`),
    ...["embed", "embed_all", "embed_sparse", "predict", "similarity"].map((path) => `POST /${path}`),
    ...["POST /rerank", "POST /tokenize", "POST /decode", "POST /api/embed", "POST /api/embeddings"],
    ...["POST /v2/embed", "POST /v2/rerank"],
  ],
  read: [
    ...["GET /v1/collections", "GET /v1/collections/:collection"],
    ...["GET /v1/collections/:collection/documents", "GET /v1/collections/:collection/documents/:id{.+}"],
    "GET /v1/collections/:collection/documents/delete",
    ...["POST /v1/collections/:collection/search", "GET /v1/collections/:collection/export"],
  ],
  write: [
    ...["POST /v1/collections/:collection/documents", "POST /v1/collections/:collection/documents/delete"],
    "DELETE /v1/collections/:collection/documents/delete",
    ...["DELETE /v1/collections/:collection/documents/:id{.+}", "POST /v1/collections/:collection/import"],
    ...["POST /v1/collections/:collection/segments", "POST /v1/collections/:collection/segments/check"],
  ],
  "read write": ["delete", ":id{.+}"].map((id) => `PATCH /v1/collections/:collection/documents/${id}`),
  admin: ["POST /v1/collections", "DELETE /v1/collections/:collection"],
};

const routes = createApp()
  .routes.filter(({ method }) => method !== "ALL")
  .map(({ method, path }) => ({
    method,
    route: `${method} ${path}`,
    path: path.replace(":collection", "granted").replace(/:id(\{\.\+\})?/, "nano"),
    need: Object.keys(allowed).find((name) => allowed[name]!.includes(`${method} ${path}`)) ?? "unknown",
    collection: path.includes(":collection"),
  }));
const closedRoutes = routes.filter(({ need }) => need !== "nothing" && need !== "page");
const scopedRoutes = closedRoutes.filter(({ need }) => need !== "key");

const worker = new ClosedWorker();
/** Keys by the scopes they have. */
const keys = new Map<string, string>();
const keyFor = (held: readonly Scope[]) => keys.get(held.join(" "))!;
let elsewhere: string;

beforeAll(async () => {
  await putModel("tiny", tinyModel());
  for (const held of [
    ...scopes.map((scope) => [scope]),
    ["read", "write"],
    ["embed", "write"],
    ["embed", "read"],
    ["embed", "read", "write"],
  ]) {
    keys.set(held.join(" "), (await putKey({ scopes: held as Scope[] })).key);
  }
  elsewhere = (await putKey({ scopes: ["admin"], collections: ["other", "gran", "granted-*"] })).key;
});

const send = (method: string, path: string, key?: string, headers: Record<string, string> = {}) =>
  worker.ask(method, path, key, {
    headers,
    ...(method === "GET" || method === "HEAD" ? {} : { body: "{}" }),
  });

test("the table of this test has every route, and no other", () => {
  expect(routes.filter(({ need }) => need === "unknown").map(({ route }) => route)).toEqual([]);
  expect(Object.values(allowed).flat().sort()).toEqual(routes.map(({ route }) => route).sort());
  const lines = Object.entries(routeNeeds).flatMap(([path, needs]) =>
    Object.keys(needs).map((method) => `${method} ${path}`),
  );
  expect(lines.sort()).toEqual(routes.map(({ route }) => route).sort());
});

test("a handler that is registered past route() is found out before the first request", () => {
  const one = createApp();
  one.get("/v1/secrets", (c) => c.text("all of them"));
  expect(() => expectGuarded(one)).toThrow(/GET \/v1\/secrets/);
  const any = createApp();
  any.all("/v1/secrets/*", (c) => c.text("all of them"));
  expect(() => expectGuarded(any)).toThrow(/ALL \/v1\/secrets/);
});

describe.each(closedRoutes)("$route", ({ method, path }) => {
  const dialect: Dialect = path.startsWith("/api/")
    ? "ollama"
    : path.startsWith("/v2/")
      ? "cohere"
      : path.startsWith("/v1/")
        ? "openai"
        : "text-embeddings-inference";
  const refused = async (response: Response, status: number, message: RegExp) => {
    expect(response.status).toBe(status);
    expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm="nearvec"/);
    const body: unknown = await response.json();
    expect(errorSchemas[dialect].parse(body)).toEqual(body);
    expect(JSON.stringify(body)).toMatch(message);
  };

  test("refuses who has no key, in its own words", async () => {
    await refused(await send(method, path), 401, /Authorization: Bearer nv_/);
  });

  test("refuses a key that is none", async () => {
    await refused(await send(method, path, "sk-not-ours"), 401, /form nv_/);
    await refused(await send(method, path, `nv_aaaaaaaa_${"b".repeat(49)}`), 401, /checksum/);
  });
});

describe.each(scopedRoutes)("$route", ({ method, path, need }) => {
  const needed = need.split(" ") as Scope[];

  test.each(needed)("refuses a key without the scope %s, and names it", async (missing) => {
    const others = scopes.filter((scope) => scope !== missing && scope !== "admin");
    const response = await send(method, path, keyFor(others));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain(`the scope ${missing}`);
    expect(response.headers.get("www-authenticate")).toContain(`error="insufficient_scope", scope="${need}"`);
  });

  test.each([need, "admin"])("lets a key with the scope %s through", async (held) => {
    const response = await send(method, path, keyFor(held.split(" ") as Scope[]));
    expect([401, 403, 429]).not.toContain(response.status);
    expect(response.status).toBeLessThan(500);
  });
});

test.each(routes.filter(({ collection }) => collection))(
  "$route refuses a key for other collections, one with a name like this one's too",
  async ({ method, path }) => {
    for (const spelled of [path, path.replace("granted", "gr%61nted")]) {
      const response = await send(method, spelled, elsewhere);
      expect(response.status).toBe(403);
      expect(await response.text()).toMatch(/collection .*granted.* is for other, gran, granted-\* only/);
    }
  },
);

test.each(routes.filter(({ need }) => need === "page"))("$route is open to all", async ({ method, path }) => {
  // No file of the playground has the name that this test makes up.
  const status = path.startsWith("/playground/") ? 404 : 200;
  expect((await send(method, path)).status).toBe(status);
  expect((await send(method, path, "sk-not-ours")).status).toBe(status);
});

test.each(["/v1/models", "/metrics", "/api/tags"])("GET %s takes any key", async (path) => {
  for (const key of keys.values()) expect((await send("GET", path, key)).status).toBe(200);
});

test.each([
  ["GET", "/nowhere", 404],
  ["PUT", "/v1/embeddings", 405],
  ["DELETE", "/docs", 405],
  ["PUT", "/v1/collections/granted", 405],
])("%s %s, which is not there, tells nobody so without a key", async (method, path, status) => {
  const closed = await send(method, path);
  expect(closed.status).toBe(401);
  expect(closed.headers.get("x-request-id")).toMatch(/^req_/);
  expect((await send(method, path, keyFor(["read"]))).status).toBe(status);
});

test("HEAD needs what GET needs", async () => {
  expect((await send("HEAD", "/v1/models")).status).toBe(401);
  expect((await send("HEAD", "/v1/models", keyFor(["embed"]))).status).toBe(200);
  expect((await send("HEAD", "/v1/collections", keyFor(["embed"]))).status).toBe(403);
});

test.each(routes)("OPTIONS on the path of $route says what there is, to all", async ({ path }) => {
  const response = await worker.ask("OPTIONS", path);
  expect(response.status).toBe(204);
  expect(response.headers.get("allow")).toContain("OPTIONS");
});
