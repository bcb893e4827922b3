/** The client before a server that misbehaves: it tries again, or says why not, and never makes up a vector. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NearvecClient, type NearvecClientOptions, NearvecError } from "../../client/http/index.ts";
import { maxBodyBytes } from "../../shared/limits.ts";
import {
  answer,
  type Behaviour,
  base64,
  embed,
  halfABody,
  hangUp,
  refusal,
  type ScriptedServer,
  silence,
  startScriptedServer,
  tampered,
} from "./scripted-server.ts";

let server: ScriptedServer;
// One for each test: what a test gave up on may still be on its way when the next one begins.
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server[Symbol.asyncDispose]());

function clientWith(options: Partial<NearvecClientOptions> = {}): NearvecClient {
  return new NearvecClient({ baseUrl: server.url, retries: 1, ...options });
}

async function failureOf(work: Promise<unknown>): Promise<NearvecError> {
  const thrown: unknown = await work.then(
    (result) => new Error(`got ${JSON.stringify(result)}`),
    (error: unknown) => error,
  );
  if (NearvecError.isInstance(thrown)) return thrown;
  throw thrown;
}

const now = { "retry-after": "0" };

describe("what another try can help", () => {
  const cases: Record<string, readonly [Behaviour, string, number]> = {
    "429, come again": [refusal(429, "rate_limited", now), "rate_limited", 429],
    "500 of ours": [refusal(500, "internal_error"), "internal_error", 500],
    "503, come again": [refusal(503, "storage_unavailable", now), "storage_unavailable", 503],
    "502 with a proxy's page": [answer(502, "<h1>Bad gateway</h1>"), "request_failed", 502],
    "no answer": [hangUp, "connection_failed", 503],
    "half a body": [halfABody, "connection_failed", 503],
    "JSON that ends early": [answer(200, '{"data":[{"ind'), "answer_invalid", 502],
    "an empty answer": [answer(200, ""), "answer_invalid", 502],
    "another's answer": [answer(200, { embeddings: [[1, 2]] }), "answer_invalid", 502],
    "too few embeddings": [tampered(({ data }) => data.pop()), "answer_invalid", 502],
    "too many": [
      tampered(({ data }) => data.push({ index: 2, embedding: base64([1, 1]) })),
      "answer_invalid",
      502,
    ],
    "one of them twice": [tampered(({ data }) => data.push({ ...data[1]! })), "answer_invalid", 502],
    "an index twice": [tampered(({ data }) => Object.assign(data[1]!, { index: 0 })), "answer_invalid", 502],
    "an index beyond": [tampered(({ data }) => Object.assign(data[1]!, { index: 2 })), "answer_invalid", 502],
    "no index": [
      tampered(({ data }) => Object.assign(data[1]!, { index: undefined })),
      "answer_invalid",
      502,
    ],
    "not a number": [
      tampered(({ data }) => Object.assign(data[1]!, { embedding: base64([1, NaN]) })),
      "answer_invalid",
      502,
    ],
    infinity: [
      tampered(({ data }) => Object.assign(data[1]!, { embedding: base64([-Infinity, 1]) })),
      "answer_invalid",
      502,
    ],
    "fewer dimensions": [
      tampered(({ data }) => Object.assign(data[1]!, { embedding: base64([1]) })),
      "answer_invalid",
      502,
    ],
    "no dimensions": [
      tampered(({ data }) => data.forEach((element) => void Object.assign(element, { embedding: "" }))),
      "answer_invalid",
      502,
    ],
    "three bytes": [
      tampered(({ data }) => Object.assign(data[1]!, { embedding: "AAAA" })),
      "answer_invalid",
      502,
    ],
    "not base64": [
      tampered(({ data }) => Object.assign(data[1]!, { embedding: "!!!!" })),
      "answer_invalid",
      502,
    ],
    "no model": [tampered((body) => Object.assign(body, { model: null })), "answer_invalid", 502],
    "no usage": [tampered((body) => Object.assign(body, { usage: null })), "answer_invalid", 502],
  };

  // Each waits for most of its time: side by side, with a server of its own.
  test.concurrent.each(Object.entries(cases))("%s: once", async (_, [behaviour]) => {
    await using server = await startScriptedServer();
    server.script(behaviour, embed);
    const client = new NearvecClient({ baseUrl: server.url, retries: 1 });
    expect(await client.embed(["a", "four"])).toEqual([Float32Array.of(1, 1), Float32Array.of(4, 1)]);
    expect(server.requests.length).toBe(2);
    expect(server.requests[1]!.body).toBe(server.requests[0]!.body);
  });

  test.concurrent.each(Object.entries(cases))("%s: always", async (_, [behaviour, code, status]) => {
    await using server = await startScriptedServer();
    server.script(behaviour);
    const client = new NearvecClient({ baseUrl: server.url, retries: 1 });
    expect(await failureOf(client.embed(["a", "four"]))).toMatchObject({ code, status });
    expect(server.requests.length).toBe(2);
  });
});

describe("what it cannot", () => {
  test.each([
    [400, "invalid_request"],
    [401, "a_code_of_the_future"],
    [404, "model_not_found"],
    [413, "payload_too_large"],
    [500, "artifact_corrupt"],
    [501, "not_implemented"],
  ])("%i %s is reported at once", async (status, code) => {
    server.script(refusal(status, code), embed);
    expect(await failureOf(clientWith().embed("a"))).toMatchObject({
      code,
      status,
      message: `It is ${code}.`,
      requestId: "req_1",
    });
    expect(server.requests.length).toBe(1);
  });

  test("a proxy's page is quoted, and told from our own answers", async () => {
    server.script(answer(403, "<h1>Access denied</h1>"));
    const error = await failureOf(clientWith().embed("a"));
    expect(error).toMatchObject({ code: "request_failed", status: 403 });
    expect(error.message).toContain("Access denied");
  });

  test("fewer dimensions than were asked for", async () => {
    server.script(embed);
    const error = await failureOf(clientWith({ retries: 0 }).embed("a", { dimensions: 3 }));
    expect(error.message).toMatch(/embedding 0 has 2 dimensions, expected 3/);
  });
});

test("what is wrong with an answer is said", async () => {
  server.script(tampered(({ data }) => Object.assign(data[1]!, { index: 0 })));
  const error = await failureOf(clientWith({ retries: 0 }).embed(["a", "four"]));
  expect(error.message).toMatch(
    /^Expected POST http.*\/v1\/embeddings to be answered as by a nearvec worker: no embedding has the index 1\.$/,
  );
});

describe("retry-after", () => {
  const refuseUntil =
    (end: number, header: string): Behaviour =>
    (response, request) =>
      (Date.now() < end ? refusal(429, "rate_limited", { "retry-after": header }) : embed)(response, request);

  test("in seconds", async () => {
    server.script(refuseUntil(Date.now() + 1000, "1"));
    expect(await clientWith().embed("a")).toEqual(Float32Array.of(1, 1));
  });

  test("as a date", async () => {
    // Dates have whole seconds.
    const end = Math.ceil((Date.now() + 1000) / 1000) * 1000;
    server.script(refuseUntil(end, new Date(end).toUTCString()));
    expect(await clientWith().embed("a")).toEqual(Float32Array.of(1, 1));
  });

  test("longer than anyone would wait", async () => {
    server.script(refusal(429, "rate_limited", { "retry-after": "3600" }));
    expect(await failureOf(clientWith().embed("a"))).toMatchObject({ status: 429 });
    expect(server.requests.length).toBe(1);
  });
});

describe("timeouts and signals", () => {
  test("silence ends after timeoutMs, and is tried again", async () => {
    server.script(silence, embed);
    expect(await clientWith({ timeoutMs: 1500 }).embed("a")).toEqual(Float32Array.of(1, 1));
    server.script(silence);
    const error = await failureOf(clientWith({ timeoutMs: 300, retries: 0 }).embed("a"));
    expect(error).toMatchObject({ code: "timed_out", status: 504 });
  });

  test("a body that stops coming ends after timeoutMs, too", async () => {
    server.script((response) => void response.writeHead(200).write('{"data":['));
    expect(await failureOf(clientWith({ timeoutMs: 300, retries: 0 }).embed("a"))).toMatchObject({
      code: "timed_out",
    });
  });

  test("a caller who gives up gets their own reason, during a request and between two", async () => {
    for (const behaviour of [silence, refusal(503, "storage_unavailable", { "retry-after": "30" })]) {
      const controller = new AbortController();
      const reason = new Error("changed my mind");
      server.script((response, request) => {
        behaviour(response, request);
        setTimeout(() => controller.abort(reason), 50);
      });
      const client = clientWith({ retries: behaviour === silence ? 0 : 1 });
      await expect(client.embed("a", { signal: controller.signal })).rejects.toBe(reason);
      expect(server.requests.length).toBe(1);
    }
  });

  test("one who has given up before sends nothing", async () => {
    server.script(embed);
    await expect(clientWith().embed("a", { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
    expect(server.requests.length).toBe(0);
  });
});

describe("batches", () => {
  const texts = Array.from({ length: 5000 }, (_, i) => "x".repeat(1 + (i % 97)));

  test("have 2048 texts at most, and their vectors come in the order of the texts", async () => {
    // The first answer comes last.
    let first = true;
    server.script((response, request) => {
      const delay = first ? 200 : 0;
      first = false;
      setTimeout(() => embed(response, request), delay);
    });
    const { vectors, tokens } = await clientWith().embedWithUsage(texts);
    expect(vectors.map(([length]) => length)).toEqual(texts.map(({ length }) => length));
    expect(tokens).toBe(5000);
    expect(server.requests.map(({ body }) => JSON.parse(body).input.length).sort()).toEqual(
      [2048, 2048, 904].sort(),
    );
  });

  test("have 8 MiB at most, counted in bytes of JSON", async () => {
    server.script(embed);
    // Three bytes a character, and two characters that JSON writes as six.
    const long = Array.from({ length: 40 }, () => `${"中".repeat(100_000)}\u0001\ud800`);
    expect((await clientWith().embed(long)).length).toBe(40);
    expect(server.requests.length).toBe(2);
    for (const { body } of server.requests) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBodyBytes);
  });

  test("are sent a few at a time", async () => {
    server.script((response, request) => void setTimeout(() => embed(response, request), 20));
    await clientWith({ batchSize: 100, concurrency: 3 }).embed(texts);
    expect(server.requests.length).toBe(50);
    expect(server.mostAtOnce()).toBe(3);
  });

  test("count what is wrong from the caller's first text on", async () => {
    server.script((response, request) => {
      const { input } = JSON.parse(request.body) as { input: string[] };
      const at = input.indexOf("wrong");
      if (at < 0) return embed(response, request);
      const error = {
        message: `Expected input[${at}] to be right.`,
        param: `input[${at}]`,
        code: "invalid_request",
      };
      answer(400, { error })(response, request);
    });
    const error = await failureOf(clientWith().embed(texts.with(3000, "wrong")));
    expect(error).toMatchObject({
      param: "input[3000]",
      message: "Expected input[3000] to be right.",
      requestId: "req_1",
    });
  });

  test("end with the first that fails for good", async () => {
    server.script(refusal(404, "model_not_found"), silence);
    await failureOf(clientWith({ batchSize: 100, concurrency: 2 }).embed(texts));
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  test("are not mixed if the model was exchanged in between", async () => {
    const other = tampered((body) => Object.assign(body, { model: "other" }));
    server.script(embed, other);
    expect(await failureOf(clientWith({ concurrency: 1 }).embed(texts))).toMatchObject({
      code: "answer_invalid",
    });
  });

  test("of nothing are none", async () => {
    server.script(embed);
    expect(await clientWith().embed([])).toEqual([]);
    expect(server.requests.length).toBe(0);
  });
});

describe("requests", () => {
  test("carry the key, the model, dimensions and the caller's headers, below the base URL's path", async () => {
    server.script(embed);
    const client = clientWith({ baseUrl: `${server.url}/behind/`, apiKey: "nv_secret", model: "base" });
    await client.embed("a", { dimensions: 2, headers: { "x-trace": "1" } });
    await client.embed("a", { model: "other" });
    const [first, second] = server.requests;
    expect(first).toMatchObject({
      method: "POST",
      url: "/behind/v1/embeddings",
      headers: { authorization: "Bearer nv_secret", "content-type": "application/json", "x-trace": "1" },
    });
    expect(JSON.parse(first!.body)).toEqual({
      input: ["a"],
      model: "base",
      dimensions: 2,
      encoding_format: "base64",
    });
    expect(JSON.parse(second!.body)).toEqual({ input: ["a"], model: "other", encoding_format: "base64" });
  });

  test("go through the fetch that is given", async () => {
    const seen: string[] = [];
    const client = clientWith({
      baseUrl: "http://worker",
      fetch: async (url) => {
        seen.push(url);
        return Response.json({ object: "list", data: [] });
      },
    });
    expect(await client.models()).toEqual([]);
    expect(seen).toEqual(["http://worker/v1/models"]);
  });

  test.each([
    [{ baseUrl: "worker.dev" }, "baseUrl"],
    [{ baseUrl: "file:///etc" }, "baseUrl"],
    [{ baseUrl: "http://user:pass@host" }, "baseUrl"],
    [{ baseUrl: "http://host/?a" }, "baseUrl"],
    [{ timeoutMs: 0 }, "timeoutMs"],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, "timeoutMs"],
    [{ retries: -1 }, "retries"],
    [{ concurrency: 0 }, "concurrency"],
    [{ batchSize: 2049 }, "batchSize"],
    [{ apiKey: "two words" }, "apiKey"],
  ])("cannot be made with %o", (options, param) => {
    let thrown: unknown;
    try {
      clientWith(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "invalid_request", param });
    expect((thrown as Error).message).not.toMatch(/pass@|two words/);
  });

  test.each([
    [["a", ""], "input[1]"],
    [["a", undefined], "input[1]"],
    [[["nested"]], "input[0]"],
    [undefined, "input"],
  ])("are not sent for %o", async (input, param) => {
    server.script(embed);
    expect(await failureOf(clientWith().embed(input as string[]))).toMatchObject({
      code: "invalid_request",
      param,
    });
    expect(server.requests.length).toBe(0);
  });
});
