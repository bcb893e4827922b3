/** Commands that ask a worker: what comes back is what it says, and the same as in process. */

import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Check } from "../../distill-job/doctor/check.ts";
import type { WorkerSpeed } from "../../distill-job/speed/worker-speed.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type Outcome, runNearvec, temporaryFolder } from "./run-nearvec.ts";

let worker: RunningWorker;
let model: string;
beforeAll(async () => {
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
  model = join(await temporaryFolder(), "tiny");
  await writeFile(model, tinyModel());
}, startTimeout);
afterAll(() => worker?.stop());

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runNearvec(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

async function post(path: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${worker.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

test("nearvec embed --url gives the lines of nearvec embed, empty texts included", async () => {
  const texts = ["hello world", "", "北京", "the far edge"];
  const here = await succeed("embed", "--model", model, "--dims", "5", "--dtype", "int8", ...texts);
  const there = await succeed("embed", "--url", worker.url, "--dims", "5", "--dtype", "int8", ...texts);
  expect(there).toBe(here);
});

test("nearvec similarity --url is nearvec similarity", async () => {
  const here = await succeed("similarity", "--model", model, "hello world", "far edge");
  expect(await succeed("similarity", "--url", worker.url, "hello world", "far edge")).toBe(here);
});

describe("nearvec search", () => {
  beforeAll(async () => {
    await post("/v1/collections", { name: "pages", fields: { year: "number" } });
    const documents = [
      { id: "old", text: "hello far world", metadata: { year: 1999 } },
      { id: "new", text: "hello near edge", metadata: { year: 2024 } },
    ];
    expect((await post("/v1/collections/pages/documents", { documents })).status).toBe(200);
  });

  const search = (...args: string[]) => succeed("search", "--url", worker.url, "--strong", "pages", ...args);

  test("prints the worker's answer as JSON", async () => {
    const printed = JSON.parse(await search("far", "world", "--json", "-k", "1"));
    const body = { query: "far world", mode: "hybrid", top_k: 1, consistency: "strong" };
    const answer = (await (await post("/v1/collections/pages/search", body)).json()) as { results: unknown };
    expect(printed.results).toEqual(answer.results);
    expect(printed.results).toMatchObject([{ id: "old", metadata: { year: 1999 } }]);
  });

  test("filters, and finds the worker by NEARVEC_URL", async () => {
    const filter = JSON.stringify({ year: { $gt: 2000 } });
    const { results } = JSON.parse(await search("hello", "--filter", filter, "--json"));
    expect(results.map(({ id }: { id: string }) => id)).toEqual(["new"]);
    const args = ["search", "--strong", "pages", "hello", "--filter", filter];
    const { stdout, code } = await runNearvec(args, { env: { NEARVEC_URL: worker.url } });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ 1 {2}\d\.\d{3} {2}new\n {4}hello near edge\n {4}year 2024\n\n1 result, hybrid, pages at http/,
    );
  });

  test.each<[string, string[], RegExp]>([
    ["a collection that is not there", ["search", "none", "hello"], /none/],
    ["a field that is not declared", ["search", "pages", "hello", "--filter", '{"size": 1}'], /size/],
  ])("says in one line what is wrong with %s", async (_, args, message) => {
    const { code, stdout, stderr } = await runNearvec([...args, "--url", worker.url]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  test("sends the key, from the option or the environment", async () => {
    const keys: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      keys.push(request.headers.authorization);
      response.writeHead(200, { "content-type": "application/json" }).end('{"object":"list","results":[]}');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const args = ["search", "--url", url, "pages", "hello"];
      await runNearvec([...args, "--api-key", "given"], { env: { NEARVEC_API_KEY: "variable" } });
      await runNearvec(args, { env: { NEARVEC_API_KEY: "variable" } });
      await runNearvec(args);
      expect(keys).toEqual(["Bearer given", "Bearer variable", undefined]);
    } finally {
      server.close();
    }
  });
});

describe("nearvec bench", () => {
  test("measures a worker, whose errors it counts", async () => {
    const args = ["bench", "--url", worker.url, "--seconds", "0.5", "--connections", "2", "--json"];
    const speed: WorkerSpeed = JSON.parse(await succeed(...args));
    expect(speed).toMatchObject({ url: worker.url, connections: 2, seconds: 0.5 });
    expect(speed.requests.map(({ textsPerRequest }) => textsPerRequest)).toEqual([1, 256]);
    for (const {
      requests,
      errors,
      requestsPerSecond,
      textsPerSecond,
      textsPerRequest,
      latency,
    } of speed.requests) {
      expect({ errors, some: requests > 0 }).toEqual({ errors: 0, some: true });
      expect(textsPerSecond / textsPerRequest / requestsPerSecond).toBeCloseTo(1, 1);
      expect(latency.p50).toBeLessThanOrEqual(latency.p99);
      expect(latency.p99).toBeLessThanOrEqual(latency.max);
    }
  });

  test("measures a model in process", async () => {
    const speed = JSON.parse(await succeed("bench", "--model", model, "--seconds", "0.1", "--json"));
    expect(speed).toMatchObject({ model: "tiny", dimensions: 8 });
    expect(speed.lengths.map(({ text }: { text: string }) => text)).toEqual([
      "query",
      "sentence",
      "paragraph",
    ]);
    for (const { microsecondsPerText, textsPerSecond } of speed.lengths) {
      expect((textsPerSecond * microsecondsPerText) / 1e6).toBeCloseTo(1, 1);
    }
  });

  test("says why there is nothing to measure", async () => {
    const { code, stderr } = await runNearvec(["bench", "--url", worker.url, "--model", "other"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/answered with 200, got 404.*other/);
  });
});

describe("nearvec doctor", () => {
  async function doctor(env: NodeJS.ProcessEnv): Promise<Outcome & { checks: Check[] }> {
    const outcome = await runNearvec(["doctor", "--url", worker.url, "--json"], { env });
    return { ...outcome, checks: JSON.parse(outcome.stdout).checks };
  }

  const credentials = () => ({
    AWS_ENDPOINT_URL: worker.access.endpoint,
    R2_BUCKET: worker.access.bucket,
    R2_ACCESS_KEY_ID: worker.access.accessKeyId,
    R2_SECRET_ACCESS_KEY: worker.access.secretAccessKey,
  });

  test("finds all well with a worker and a bucket that answer", async () => {
    const { code, checks } = await doctor(credentials());
    expect(checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(code).toBe(0);
    const of = (name: string) => checks.find((check) => check.name === name);
    expect(of("worker")).toMatchObject({
      status: "ok",
      message: expect.stringMatching(/model tiny, .* MiB, \d+ ms/),
    });
    expect(of("keys")).toMatchObject({ status: "ok", message: expect.stringContaining("none needed") });
    expect(of("version")).toMatchObject({ status: "ok" });
    expect(of("search")).toMatchObject({
      status: "ok",
      message: expect.stringMatching(/bound, \d+ collections/),
    });
    expect(of("R2 key")).toMatchObject({
      status: "ok",
      message: expect.stringContaining("no model base in it yet"),
    });
  });

  test("fails for a secret that the bucket refuses", async () => {
    const { code, checks } = await doctor({ ...credentials(), R2_SECRET_ACCESS_KEY: "wrong" });
    expect(code).toBe(1);
    const failed = checks.filter(({ status }) => status === "fail");
    expect(failed).toMatchObject([{ name: "R2 key", fix: expect.stringContaining("new R2 API token") }]);
    // The secret itself is nowhere.
    expect(JSON.stringify(checks)).not.toContain("wrong");
  });
});
