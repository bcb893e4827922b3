/** What nobody should send, on every route that /openapi.json describes: a 4xx that names the field, and the next request is answered. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type JsonSchema, SchemaComponents } from "../../worker/api-description/json-schema.ts";
import { type DescribedRoute, describedRoutes } from "../../worker/api-description/operations.ts";
import { Client } from "./collection-fixtures.ts";
import { askExample, exampleInit, pathOf, prepareExamples } from "./described-examples.ts";
import { ask } from "./model-fixtures.ts";

const client = new Client();
const { app } = client;
const routes = describedRoutes(app);
const named = (route: DescribedRoute) => [`${route.method} ${route.path}`, route] as const;
const json = { "content-type": "application/json" };

beforeAll(() => prepareExamples(client));

/** Asks, and gives back the status and the error in its dialect's place; `ask` has checked the form of either. */
async function outcomeOf(route: DescribedRoute, init: RequestInit, path = pathOf(route)) {
  const response = await ask(app, path, { method: route.method, ...init });
  const text = await response.text();
  const body = response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : {};
  const { error = body } = body;
  // A document that is wrong among others is reported in its place.
  const item = body.failed > 0 ? (body.data?.[0]?.error ?? body.errors[0].error) : undefined;
  const message: string = item?.message ?? error.message ?? (typeof error === "string" ? error : "");
  return {
    status: item === undefined ? response.status : 400,
    param: item?.param ?? error.param ?? null,
    message,
    text,
  };
}

/** It is refused, whatever is wrong with it, in few words. */
async function expectRefused(route: DescribedRoute, init: RequestInit, path?: string) {
  const outcome = await outcomeOf(route, init, path);
  expect(outcome.status, outcome.text.slice(0, 300)).toBeGreaterThanOrEqual(400);
  expect(outcome.status, outcome.text.slice(0, 300)).toBeLessThan(500);
  expect(outcome.message.length).toBeLessThan(500);
  // In our words, not those of the library that found it.
  expect(outcome.message).toMatch(/^Expected /);
  return outcome;
}

/** It says which field is wrong: in `param` where the dialect has that, else in words. */
function expectNamed({ param, message }: { param: string | null; message: string }, field: string): void {
  expect(param ?? message).toContain(field);
}

function isValid(schema: JsonSchema, value: unknown): boolean {
  return new Validator(schema as object as Schema, "2020-12").validate(value).valid;
}

const deep = (open: string, close: string) => `${open.repeat(100_000)}1${close.repeat(100_000)}`;

/** Bodies that are wrong on any route. */
const bodies: [what: string, body: BodyInit | null, headers?: Record<string, string>][] = [
  ["no body", null],
  ["an empty body", "", json],
  ["spaces", " \n", json],
  ["a form", "input=hello&inputs=hello", json],
  ["two values", "{}{}", json],
  ["JSON that ends early", '{"input": "hel', json],
  ["NaN", '{"input": NaN, "dimensions": NaN}', json],
  ["single quotes", "{'input': 'hello'}", json],
  ["null", "null", json],
  ["a number", "7", json],
  ["a text", '"hello"', json],
  ["a list", '["hello"]', json],
  ["brackets never closed", "[".repeat(100_000), json],
  ["100,000 lists, one in the other", deep("[", "]"), json],
  ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), json],
  ["UTF-16", Uint8Array.from("\ufeff{\0}\0", (c) => c.charCodeAt(0) & 255), json],
  ["nothing but zeros", new Uint8Array(1000), json],
];

/** Values of every kind; a field refuses those that its schema refuses. */
const values: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  "",
  "NaN",
  "7",
  "\ud800",
  "\0",
  "a".repeat(1024 * 1024 + 1),
  [],
  [null],
  [[]],
  [[[1]]],
  ["a", 1],
  ["a", ""],
  new Array(3000).fill("a"),
  {},
  { a: { a: { a: {} } } },
  { $where: "1" },
  { toString: 1, length: 3 },
];

const withJson = routes.filter(({ operation }) => operation.request instanceof z.ZodType);

describe.each(withJson.map(named))("%s", (_, route) => {
  const { operation, dialect } = route;
  const components = new SchemaComponents();
  const schema = components.add(operation.request as z.ZodType, "input");
  const fields = Object.entries(schema.properties ?? {});
  const example = operation.example as Readonly<Record<string, unknown>>;
  const send = (body: unknown) => ({ body: JSON.stringify(body), headers: json });
  const refuses = (field: JsonSchema, value: unknown) => !isValid({ ...field, components }, value);

  test.each(bodies)("refuses %s", async (_, body, headers = {}) => {
    await expectRefused(route, { body, headers });
  });

  test("refuses what is said not to be JSON", async () => {
    // Ollama's own server takes anything for JSON.
    if (dialect === "ollama") return;
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]) {
      const { status } = await expectRefused(route, { ...send(example), headers: { "content-type": type } });
      expect(status).toBe(415);
    }
    const gzip = { ...json, "content-encoding": "gzip" };
    expect((await expectRefused(route, { ...send(example), headers: gzip })).status).toBe(415);
  });

  test.each((schema.required ?? []).map((field) => [field]))("needs %s", async (field) => {
    const { [field]: _, ...rest } = example;
    expectNamed(await expectRefused(route, send(rest)), field);
    // What it inherits, it does not have.
    const body = JSON.stringify({ ...rest, x: { [field]: example[field] } }).replace('"x"', '"__proto__"');
    await expectRefused(route, { body, headers: json });
    expect({}).not.toHaveProperty(field);
  });

  test.each(fields)("names %s where it has another type", async (name, field) => {
    for (const value of values) {
      const init = send({ ...example, [name]: value });
      if (refuses(field, value)) expectNamed(await expectRefused(route, init), name);
      else expect((await outcomeOf(route, init)).status).toBeLessThan(500);
    }
  });

  test.each(fields)("takes %s at the value of any depth, twice, and of any name", async (name) => {
    const rest = JSON.stringify({ ...example, [name]: undefined }).replace(/^\{(?=.)/, ",");
    for (const value of [
      deep("[", "]"),
      deep('{"$not":', "}"),
      deep('{"a":', "}"),
      `1e999,"${name}":-1e999`,
      '{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}',
      `{"${"k".repeat(100_000)}":1}`,
    ]) {
      const body = `{"${name}":${value}${rest === ",}" ? "}" : rest}`;
      const outcome = await outcomeOf(route, { body, headers: json });
      expect(outcome.status, outcome.text.slice(0, 300)).toBeLessThan(500);
      expect(outcome.message.length).toBeLessThan(500);
    }
    expect({}).not.toHaveProperty("a");
  });
});

const withQuery = routes.filter(({ operation }) => operation.query !== undefined);

describe.each(withQuery.map(named))("%s", (_, route) => {
  const components = new SchemaComponents();
  const fields = Object.entries(route.operation.query!).map(
    ([name, schema]) => [name, components.add(schema, "input")] as const,
  );

  test.each(fields)("names %s in the query where it cannot be", async (name, schema) => {
    for (const text of [
      "",
      "a",
      "0",
      "-1",
      "1.5",
      "1e3",
      "NaN",
      "101",
      "null",
      "%00",
      "%ff",
      "[]",
      "x".repeat(5000),
    ]) {
      const path = `${pathOf(route)}?${name}=${text}`;
      const value = schema.type === "integer" ? Number(text === "" ? Number.NaN : text) : text;
      if (!isValid(schema, value)) expectNamed(await expectRefused(route, {}, path), name);
      else expect((await outcomeOf(route, {}, path)).status).toBeLessThan(500);
    }
  });
});

const names = [
  "..",
  "%2e%2e",
  "..%2f..%2fnotes",
  "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
  "%00",
  "notes%00",
  "%ff",
  "%",
  "%E0%A4%A",
  "__proto__",
  "constructor",
  "manifest%2Fnotes",
  "%F0%9F%8C%B3",
  "a".repeat(5000),
  "'%3B%20DROP%20TABLE%20documents%3B--",
];
const withNames = routes.filter(({ path }) => path.includes(":"));

describe.each(withNames.map(named))("%s", (_, route) => {
  const wanted = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

  test.each(wanted)("finds nothing under a strange %s", async (name) => {
    for (const strange of names) {
      const init = await exampleInit(route);
      const outcome = await expectRefused(route, init, pathOf(route, { [name]: strange }));
      expect([400, 404, 405]).toContain(outcome.status);
    }
  });
});

const otherBodies: Readonly<Record<string, [what: string, body: BodyInit][]>> = {
  "application/x-ndjson": [
    ["no JSON", "id,text\na,b"],
    ["no UTF-8", Uint8Array.of(0xff, 0xfe, 0x0a)],
    ["lines of other types", 'null\n7\n"a"\n[]\n{}'],
    ["a line 100,000 levels deep", `{"id":"a","text":"b","metadata":{"a":${deep("[", "]")}}}`],
    ["ids that cannot be", '{"id":"","text":"a"}\n{"id":"\\ud800","text":"a"}\n{"id":"..","text":"a"}'],
    ["a field that is not there", '{"id":"a","text":"b","__proto__":{"x":1}}'],
  ],
  "application/octet-stream": [
    ["nothing", new Uint8Array()],
    ["zeros", new Uint8Array(10_000)],
    ["ones", new Uint8Array(10_000).fill(255)],
    ["JSON", '{"segment": "a"}'],
    ["a header that says it is endless", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0x7b)],
  ],
};

const withOthers = routes.flatMap((route) => {
  const { request } = route.operation;
  return request === undefined || request instanceof z.ZodType ? [] : [[route, request.type] as const];
});

describe.each(withOthers.map(([route, type]) => [...named(route), type] as const))("%s", (_, route, type) => {
  test.each(otherBodies[type]!)("refuses %s", async (_, body) => {
    await expectRefused(route, { body, headers: { "content-type": type } });
  });
});

test.each(routes.map(named))("%s answers on after all of these", async (_, route) => {
  expect((await askExample(client, route)).status).toBe(route.operation.status ?? 200);
});
