/** The OpenAPI document says what is there: every example in it works, every route is in it. */
import { Hono } from "hono";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { templatedPath } from "../../worker/api-description/openapi-document.ts";
import { type DescribedRoute, describedRoutes } from "../../worker/api-description/operations.ts";
import type { AppTypes } from "../../worker/environment.ts";
import { errorSchemas } from "../../worker/error-dialects.ts";
import { Client, published } from "./collection-fixtures.ts";
import { askExample, pathOf, prepareExamples } from "./described-examples.ts";
import { ask } from "./model-fixtures.ts";

const client = new Client();
const { app } = client;
const routes = describedRoutes(app);

beforeEach(() => prepareExamples(client));

const named = (route: DescribedRoute) => [`${route.method} ${route.path}`, route] as const;

describe.each(routes.map(named))("%s", (_, route) => {
  const { method, dialect, operation } = route;

  test("answers its example as it says", async () => {
    const response = await askExample(client, route);
    expect(response.status).toBe(operation.status ?? 200);
    expect(response.headers.get("server-timing")).toMatch(/^(\w+;dur=[\d.]+, )*total;dur=[\d.]+$/);
    expect(response.headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
    const { response: schema } = operation;
    if (schema instanceof z.ZodType) expect(strictly(schema, await response.json())).toEqual([]);
    else expect(response.headers.get("content-type")).toContain(schema.type);
    await published("notes");
  });

  test("has HEAD and OPTIONS right, and 405 in its own dialect", async () => {
    const options = await ask(app, pathOf(route), { method: "OPTIONS" });
    expect([options.status, await options.text()]).toEqual([204, ""]);
    expect(options.headers.get("allow")).toContain(method);
    const head = await ask(app, pathOf(route), { method: "HEAD" });
    const reads = options.headers.get("allow")!.includes("HEAD");
    expect([head.status, await head.text()]).toEqual([reads ? 200 : 405, ""]);
    const response = await ask(app, pathOf(route), { method: "PUT" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(options.headers.get("allow"));
    expect(strictly(errorSchemas[dialect], await response.json())).toEqual([]);
  });
});

const ofJson = routes.filter(({ operation }) => operation.request instanceof z.ZodType);

test.each(ofJson.map(named))("%s takes its example without a content type", async (_, route) => {
  const { method, operation } = route;
  if (operation.status === 201) await client.delete("/notes");
  const body = new TextEncoder().encode(JSON.stringify(operation.example));
  expect((await ask(app, pathOf(route), { method, body })).status).toBe(operation.status ?? 200);
});

/** Ours are strict about names, since nobody sends them anything by habit: a misspelt option would be a silent mistake. */
const lenient = ofJson.filter(({ path }) => !path.startsWith("/v1/collections"));

test.each(lenient.map(named))("%s ignores fields that it does not know", async (_, route) => {
  const body = JSON.stringify({
    ...(route.operation.example as object),
    "x-unknown": { a: [1] },
    user: "me",
    __proto__: null,
  });
  expect((await ask(app, pathOf(route), { method: route.method, body: utf8(body) })).status).toBe(200);
});

const utf8 = (text: string) => new TextEncoder().encode(text);

/** What is wrong with a body, fields among it that the schema does not name. */
function strictly(schema: z.ZodType, body: unknown): unknown[] {
  const { success, data, error } = schema.safeParse(body);
  if (!success) return error.issues;
  return JSON.stringify(data) === JSON.stringify(body) ? [] : [{ parsed: data, got: body }];
}

test("openapi.json has all of them, with the address that was asked", async () => {
  const document = (await (await ask(app, "/openapi.json")).json()) as {
    openapi: string;
    servers: unknown;
    paths: Record<string, Record<string, { operationId: string; requestBody?: unknown; responses: object }>>;
  };
  expect(document.openapi).toBe("3.1.0");
  expect(document.servers).toEqual([{ url: "https://nearvec.test" }]);
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(operations).toHaveLength(routes.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length);
  expect(document.paths["/v1/models/{id}"]?.get).toMatchObject({
    parameters: [{ name: "id", in: "path", required: true }],
  });
  expect(document.paths["/embed"]?.post?.requestBody).toMatchObject({
    content: { "application/json": { schema: { type: "object", required: ["inputs"] } } },
  });
  expect(document.paths["/v1/collections/{collection}/documents"]?.get).toMatchObject({
    parameters: [
      { name: "collection", in: "path", schema: { type: "string", pattern: expect.any(String) } },
      { name: "prefix", in: "query", required: false, description: expect.any(String) },
      { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100 } },
      { name: "cursor", in: "query" },
    ],
    responses: { 200: {}, 400: {}, 404: { description: "`collection_not_found`" }, 501: {}, default: {} },
  });
});

test("nothing that is served is left out of it but documents and what is refused", () => {
  const described = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const left = app.routes
    .filter(({ method, path }) => method !== "ALL" && !described.has(`${method} ${path}`))
    .map(({ method, path }) => `${method} ${path}`);
  // As the id of a document, for which other methods stand.
  const named = ["DELETE", "GET", "PATCH"].map(
    (method) => `${method} /v1/collections/:collection/documents/delete`,
  );
  expect(left.filter((route) => !named.includes(route)).sort()).toEqual([
    "DELETE /api/delete",
    "GET /",
    "GET /docs",
    "GET /openapi.json",
    "GET /playground/:file",
    "POST /api/chat",
    "POST /api/copy",
    "POST /api/create",
    "POST /api/generate",
    "POST /api/pull",
    "POST /api/push",
    "POST /embed_sparse",
    "POST /predict",
  ]);
});

describe("/docs", () => {
  test("shows every route with a line to try it", async () => {
    const page = await (await ask(app, "/docs")).text();
    for (const { path, operation } of routes) {
      expect(page).toContain(templatedPath(path));
      expect(page).toContain(operation.summary.replaceAll("'", "&#39;"));
    }
    expect(page).toContain(
      "curl https://nearvec.test/v1/collections/notes/import -H &#39;content-type: application/x-ndjson&#39; --data-binary &#39;{",
    );
    // A named schema, which is shown once, below.
    expect(page).toMatch(/<code>results<\/code><\/th><td><code>SearchResult\[\]</);
    expect(page).toContain('<details id="schema-SearchResult">');
    expect(page).toContain("curl https://nearvec.test/v1/models/nano<");
    // A flag that may be null, and a field of several forms.
    expect(page).toMatch(/<code>normalize<\/code>\?<\/th><td><code>boolean<\/code>/);
    expect(page).toMatch(
      /<code>inputs<\/code><\/th><td><code>string \| string\[\] \| integer\[\] \| integer\[\]\[\]</,
    );
    expect(page).toContain("{&quot;inputs&quot;:[&quot;a horse in the rain&quot;]}");
  });

  test("loads nothing from anywhere, and may not", async () => {
    const response = await ask(app, "/docs");
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
  });
});

describe("/", () => {
  test("is a sign of life", async () => {
    const response = await ask(app, "/");
    expect([response.status, await response.text()]).toEqual([200, "nearvec is running"]);
    expect((await ask(app, "/", { method: "HEAD" })).status).toBe(200);
  });

  test("is the playground for a browser, with a policy and a way to ask whether it has changed", async () => {
    const headers = { accept: "text/html,*/*" };
    const response = await ask(app, "/", { headers });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self'");
    // Both answers have the same path.
    expect(response.headers.get("vary")).toBe("accept");
    const page = await response.text();
    expect(page).toContain("<title>nearvec playground</title>");
    expect(page).not.toMatch(/<style|<script>|style=|onload=|{{/);
    const again = await ask(app, "/", {
      headers: { ...headers, "if-none-match": response.headers.get("etag")! },
    });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  test("finds the playground's files from below a prefix", async () => {
    const mounted = new Hono<AppTypes>().route("/deep/embed", app);
    const page = await (await ask(mounted, "/deep/embed", { headers: { accept: "text/html" } })).text();
    const files = [...page.matchAll(/(?:href|src)="([^"]*playground\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBe(3);
    for (const file of files) {
      const { pathname } = new URL(file, "https://nearvec.test/deep/embed");
      const response = await ask(mounted, pathname);
      expect([pathname, response.status]).toEqual([pathname, 200]);
      expect(response.headers.get("cache-control")).toContain("immutable");
    }
    expect((await ask(mounted, "/deep/embed/playground/constructor")).status).toBe(404);
  });
});
