/** The log: one line of JSON for each request, and nowhere a text, an id or a key that came in. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../worker/app.ts";
import { ClosedWorker, putKey } from "./key-fixtures.ts";
import { putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const lines: string[] = [];
/** Everything that anyone has printed. */
const printed = () => lines.join("\n");
const requests = () =>
  lines.filter((line) => line.startsWith('{"event":"request"')).map((line) => JSON.parse(line));

beforeEach(async () => {
  await putModel("tiny", tinyModel());
  lines.length = 0;
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...values) => {
      lines.push(
        values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(" "),
      );
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

const worker = new ClosedWorker({ REQUEST_LOG: "all" });

describe("a request", () => {
  test("has one line with what was asked and what came of it", async () => {
    const { key, record } = await putKey();
    const response = await worker.ask("POST", "/v1/embeddings", key, {
      body: '{"input":["hello world","near"]}',
      headers: { "content-type": "application/json" },
    });
    expect(requests()).toEqual([
      {
        event: "request",
        method: "POST",
        route: "/v1/embeddings",
        status: 200,
        milliseconds: expect.any(Number),
        request_id: response.headers.get("x-request-id"),
        key: record.id,
        items: 2,
        tokens: 3,
        error: null,
      },
    ]);
    expect(lines).toHaveLength(1);
  });

  test.each([
    [
      "GET",
      "/v1/collections/absent/documents/secret%2Fid",
      "/v1/collections/:collection/documents/:id{.+}",
      404,
      "collection_not_found",
    ],
    ["PUT", "/v1/models/secret", "/v1/models/:id", 405, "method_not_allowed"],
    ["GET", "/secret/path", null, 404, "not_found"],
    ["OPTIONS", "/v1/models/secret", "/v1/models/:id", 204, null],
    ["HEAD", "/v1/models", "/v1/models", 200, null],
  ])("%s %s is logged as the route %s", async (method, path, route, status, error) => {
    const { key } = await putKey({ scopes: ["admin"] });
    await worker.ask(method, path, key);
    expect(requests()).toMatchObject([{ method, route, status, error }]);
    expect(printed()).not.toContain("secret");
  });

  test("that was refused names no key, for there is none", async () => {
    await worker.embed("sk-not-ours");
    expect(requests()).toMatchObject([{ status: 401, key: null, error: "invalid_api_key" }]);
  });
});

test.each([
  ["off", 0],
  ["failures", 1],
  ["all", 2],
  ["loud", 2],
])("REQUEST_LOG=%s", async (REQUEST_LOG, count) => {
  const quiet = new ClosedWorker({ REQUEST_LOG });
  const { key } = await putKey();
  await quiet.embed(key);
  await quiet.embed();
  expect(requests()).toHaveLength(count);
});

test("no route prints a text, a document's id, metadata or a key, whether it answers or fails", async () => {
  const mark = "zyxmarkzyx";
  const { key } = await putKey({ scopes: ["admin"] });
  const text = `hello ${mark}`;
  const documents = [{ id: `${mark}-1`, text, metadata: { note: mark } }];
  const everything = {
    ...{ input: text, inputs: text, prompt: text, query: text, texts: [text], documents, ids: [`${mark}-1`] },
    ...{ filter: { note: mark }, metadata: { note: mark }, user: mark, model: "tiny", name: "marked" },
  };
  await worker.ask("POST", "/v1/collections", key, {
    body: '{"name":"marked"}',
    headers: { "content-type": "application/json" },
  });
  const bodies = [
    JSON.stringify({ input: text }),
    JSON.stringify({ inputs: text }),
    JSON.stringify({ inputs: { source_sentence: text, sentences: [text] } }),
    JSON.stringify({ texts: [text], input_type: mark }),
    JSON.stringify({ query: text, documents: [text] }),
    JSON.stringify({ query: text, texts: [text] }),
    JSON.stringify({ documents }),
    JSON.stringify({ query: text }),
    JSON.stringify({ ids: [`${mark}-1`] }),
    JSON.stringify({ metadata: { note: mark } }),
    `{"id":"${mark}-2","text":"${text}"}`,
    JSON.stringify(everything),
    `{"input": "${text}`,
    JSON.stringify({ input: { [mark]: text }, model: mark, [mark]: mark }),
  ];
  const types = ["application/json", "application/x-ndjson"];
  const seen = new Set<number>();
  for (const { method, path } of createApp().routes) {
    if (method === "ALL") continue;
    const url = `${path.replace(":collection", "marked").replace(/:id(\{\.\+\})?/, `${mark}-1`)}?prefix=${mark}&model=${mark}`;
    for (const body of method === "GET" || method === "DELETE" ? [undefined] : bodies) {
      for (const type of body === undefined ? ["application/json"] : types) {
        for (const sent of [key, `${key.slice(0, -1)}#`]) {
          const init = { headers: { "content-type": type }, ...(body === undefined ? {} : { body }) };
          const response = await worker.ask(method, url, sent, init);
          seen.add(response.status);
          await response.body?.cancel();
        }
      }
    }
    // What was deleted on the way comes again.
    await worker.ask("POST", "/v1/collections", key, {
      body: '{"name":"marked"}',
      headers: { "content-type": "application/json" },
    });
  }
  for (const status of [200, 400, 401, 404, 415]) expect(seen, `status ${status}`).toContain(status);
  expect(requests().length).toBeGreaterThan(300);
  expect(printed()).not.toContain(mark);
  expect(printed()).not.toContain(key.slice(12));
  expect(printed()).not.toContain(key.slice(20, 40));
});
