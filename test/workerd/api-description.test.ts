/** The OpenAPI document says what is there: every example in it works, every route is in it. */
import { Hono } from "hono";
import { beforeEach, describe, expect, test } from "vitest";
import type { z } from "zod";
import { type DescribedRoute, describedRoutes } from "../../worker/api-description/operations.ts";
import { createApp } from "../../worker/app.ts";
import type { AppTypes } from "../../worker/environment.ts";
import { errorSchemas } from "../../worker/error-dialects.ts";
import { ask, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const app = createApp();
const routes = describedRoutes(app);

beforeEach(async () => {
  await putModel("tiny", tinyModel());
});

const json = { "content-type": "application/json" };

/** A route's path with the names of its example filled in. */
function filled({ path, operation }: DescribedRoute): string {
  const names = operation.example as Record<string, unknown>;
  return path.replace(/:(\w+)/g, (_, name: string) => String(names[name]));
}

const named = (route: DescribedRoute) => [`${route.method} ${route.path}`, route] as const;

describe.each(routes.map(named))("%s", (_, route) => {
  const { method, dialect, operation } = route;

  test("answers its example as it says", async () => {
    const init = operation.request && { body: JSON.stringify(operation.example), headers: json };
    const response = await ask(app, filled(route), { method, ...init });
    expect(response.status).toBe(200);
    expect(response.headers.get("server-timing")).toMatch(
      /^load;dur=[\d.]+, embed;dur=[\d.]+, total;dur=[\d.]+$/,
    );
    const { response: schema } = operation;
    if (typeof schema === "string") expect(response.headers.get("content-type")).toContain(schema);
    else expect(strictly(schema, await response.json())).toEqual([]);
  });

  test("has HEAD and OPTIONS right, and 405 in its own dialect", async () => {
    const options = await ask(app, filled(route), { method: "OPTIONS" });
    expect([options.status, await options.text()]).toEqual([204, ""]);
    expect(options.headers.get("allow")).toContain(method);
    const head = await ask(app, filled(route), { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([method === "GET" ? 200 : 405, ""]);
    const response = await ask(app, filled(route), { method: "DELETE" });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(options.headers.get("allow"));
    expect(strictly(errorSchemas[dialect], await response.json())).toEqual([]);
  });
});

const withBody = routes.filter(({ operation }) => operation.request !== undefined);

describe.each(withBody.map(named))("%s", (_, route) => {
  const { method, dialect, operation } = route;

  test("takes its example without a content type, and ignores fields that it does not know", async () => {
    const more = JSON.stringify({ ...(operation.example as object), "x-unknown": { a: [1] }, user: "me" });
    const response = await ask(app, filled(route), { method, body: new TextEncoder().encode(more) });
    expect(response.status).toBe(200);
  });

  test.each(["[]", "{", '{"input":7,"inputs":7,"ids":7,"prompt":7,"texts":7,"query":7,"model":7}'])(
    "answers %s in its own dialect",
    async (body) => {
      const response = await ask(app, filled(route), { method, body, headers: json });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(strictly(errorSchemas[dialect], await response.json())).toEqual([]);
    },
  );
});

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
});

test("nothing that is served is left out of it but documents and what is refused", () => {
  const paths = new Set(routes.map(({ path }) => path));
  const undescribed = new Set(
    app.routes
      .map(({ path }) => path)
      .filter(
        // Collections are described in docs/search.md.
        (path) => !path.endsWith("*") && !path.startsWith("/v1/collections") && !paths.has(path),
      ),
  );
  expect([...undescribed].sort()).toEqual([
    "/",
    "/api/chat",
    "/api/copy",
    "/api/create",
    "/api/generate",
    "/api/pull",
    "/api/push",
    "/docs",
    "/embed_sparse",
    "/openapi.json",
    "/playground/:file",
    "/predict",
  ]);
});

describe("/docs", () => {
  test("shows every route with a line to try it", async () => {
    const page = await (await ask(app, "/docs")).text();
    for (const { path } of routes) expect(page).toContain(path.replace(/:(\w+)/g, "{$1}"));
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
