/** nearvec mounted in somebody's own Hono app, bundled by wrangler out of the installed package. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { bundleWorker, putModel, runBundle, wranglerSettings } from "./mounted-worker.ts";

const text = "a horse in the rain";
const post = (body: string) => ({ method: "POST", body, headers: { "content-type": "application/json" } });
let bundle: string;
let runtime: Miniflare;
let url: string;

beforeAll(async () => {
  const { equipped } = inject("installed");
  await writeFile(join(equipped, "wrangler.json"), wranglerSettings("worker.ts"));
  bundle = await bundleWorker(equipped, "wrangler.json");
  runtime = await runBundle(bundle, "worker.js", {
    bindings: { VERSION: "7" },
    r2Buckets: ["TABLES"],
    kvNamespaces: ["COLLECTIONS", "NOTES"],
    durableObjects: { COLLECTION: "CollectionObject", NOTE: "NoteObject" },
  });
  await putModel(runtime, "base", await readFile("models/base.safetensors"));
  url = (await runtime.ready).href.replace(/\/$/, "");
});
afterAll(() => runtime?.dispose());

test.each([
  ["/nearvec", "nano"],
  ["/own", "base"],
])("below %s it answers with %s, to the last bit", async (path, name) => {
  const model = await StaticModel.load(await readFile(`models/${name}.safetensors`));
  const client = new NearvecClient({ baseUrl: url + path });
  const { vectors, model: answered } = await client.embedWithUsage([text]);
  expect(answered).toBe(name);
  expect([...vectors[0]!]).toEqual([...model.encode(text)]);
});

test.each(["/nearvec", "/own"])("below %s it keeps documents and finds them", async (path) => {
  const client = new NearvecClient({ baseUrl: url + path });
  const notes = await client.collections.create({ name: "notes", fields: { year: "number" } });
  const written = await notes.upsert([
    { id: "1", text: "A horse stands in the rain.", metadata: { year: 2024 } },
    { id: "2", text: "The tax law was changed.", metadata: { year: 2019 } },
  ]);
  expect(written.created).toBe(2);
  const { results } = await notes.search("wet horses", { consistency: "strong", filter: { year: 2024 } });
  expect(results.map(({ id }) => id)).toEqual(["1"]);
  const exported = await Array.fromAsync(notes.export());
  expect(exported.map(({ id }) => id)).toEqual(["1", "2"]);
});

test("the two know nothing of each other's collections", async () => {
  await new NearvecClient({ baseUrl: `${url}/nearvec` }).collections.create({ name: "alone" });
  const collections = await new NearvecClient({ baseUrl: `${url}/own` }).collections.list();
  expect(JSON.stringify(collections)).not.toContain("alone");
});

describe("the app around it", () => {
  test("keeps its own routes, and its middleware sees its own bindings", async () => {
    const own = await fetch(`${url}/`);
    expect([await own.text(), own.headers.get("x-worker-version")]).toEqual(["my own page", "7"]);
    const ours = await fetch(`${url}/own/health`);
    expect([ours.status, ours.headers.get("x-worker-version")]).toEqual([200, "7"]);
    expect(ours.headers.get("x-request-id")).toMatch(/^req_/);
  });

  test("gets mistakes answered as each API says them", async () => {
    const wrong = await fetch(`${url}/nearvec/v1/embeddings`, post('{"input": 5}'));
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: { type: "invalid_request_error", param: "input" } });
    const refused = await fetch(`${url}/nearvec/embed`, post("{}"));
    expect(await refused.json()).toHaveProperty("error_type");
  });
});

describe("what it says of itself", () => {
  test("names the path that it is mounted at", async () => {
    const document = (await (await fetch(`${url}/nearvec/openapi.json`)).json()) as {
      servers: unknown;
      paths: Record<string, unknown>;
    };
    expect(document.servers).toEqual([{ url: `${url}/nearvec` }]);
    expect(Object.keys(document.paths)).toContain("/v1/embeddings");
    const page = await (await fetch(`${url}/nearvec/docs`)).text();
    expect(page).toContain(`curl ${url}/nearvec/v1/embeddings`);
    expect(page).toContain('href="openapi.json"');
  });

  test("is found from the path it is mounted at", async () => {
    const browser = { headers: { accept: "text/html" } };
    const response = await fetch(`${url}/nearvec`, browser);
    expect(response.status).toBe(200);
    expect(response.url.startsWith(`${url}/nearvec`)).toBe(true);
    expect(await response.text()).toContain("nearvec");
  });

  test("is not there where it is not wanted", async () => {
    expect((await fetch(`${url}/own/docs`)).status).toBe(404);
    expect((await fetch(`${url}/own/openapi.json`)).status).toBe(404);
  });
});

test("adds little to the worker beside the model, and no kernel as text", async () => {
  let code = 0;
  for (const name of await readdir(bundle)) {
    if (/\.(js|wasm)$/.test(name)) code += gzipSync(await readFile(join(bundle, name))).length;
  }
  expect(code).toBeLessThan(600 * 1024);
  const { kernelBytes } = await import("../../shared/kernel/kernel-bytes.generated.ts");
  const worker = await readFile(join(bundle, "worker.js"), "utf8");
  expect(worker.includes(kernelBytes.slice(0, 1000))).toBe(false);
});
