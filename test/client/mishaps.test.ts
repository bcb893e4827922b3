/** Every client behind a server that fails once, or for good: the model's vectors or an error, never other vectors. */
import { CohereClientV2 } from "cohere-ai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import {
  type Behaviour,
  forward,
  hangUp,
  refusal,
  type ScriptedServer,
  silence,
  startScriptedServer,
} from "./scripted-server.ts";
import { adapters, httpClients, type Mishap, type TestedClient } from "./tested-clients.ts";

let worker: RunningWorker;
let model: StaticModel;

beforeAll(async () => {
  model = await StaticModel.load(tinyModel());
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
}, startTimeout);
afterAll(async () => worker?.stop());

const now = { "retry-after": "0" };
const mishaps: Readonly<Record<Mishap, () => Behaviour>> = {
  "429": () => refusal(429, "rate_limited", now),
  "500": () => refusal(500, "internal_error"),
  "503": () => refusal(503, "storage_unavailable", now),
  "no answer": () => hangUp,
  "half a body": () => forward(worker.url, "half"),
};

const texts = ["hello world", "the edge is near"];
const expected = () => model.encode(texts);

const clients: [name: string, make: (url: string) => TestedClient][] = [
  ...Object.keys(httpClients("http://worker")).map((name): [string, (url: string) => TestedClient] => [
    name,
    (url) => httpClients(url)[name]!,
  ]),
  ...Object.entries(adapters).map(([name, adapt]): [string, (url: string) => TestedClient] => [
    name,
    (url) => adapt(new NearvecClient({ baseUrl: url })),
  ]),
];

async function outcome(client: TestedClient, signal?: AbortSignal) {
  try {
    const vectors = await client.embed(texts, signal === undefined ? {} : { signal });
    return { vectors: vectors.map((vector) => Float32Array.from(vector)) };
  } catch (error) {
    return { error };
  }
}

// Most of the time they wait to try again: side by side, each with a server of its own.
describe.each(clients)("%s", (_, make) => {
  test.concurrent.each(Object.keys(mishaps) as Mishap[])("%s once", async (mishap) => {
    await using server = await startScriptedServer();
    server.script(mishaps[mishap](), forward(worker.url));
    const client = make(server.url);
    const { vectors, error } = await outcome(client);
    if (client.survives.includes(mishap)) expect(vectors).toEqual(expected());
    else expect(error).toBeInstanceOf(Error);
  });

  test.concurrent("half a body for good is an error", async () => {
    await using server = await startScriptedServer();
    server.script(forward(worker.url, "half"));
    const client = make(server.url);
    // One that tries again for minutes is given up on: it has made up nothing.
    const { vectors, error } = await Promise.race([outcome(client), afterTenSeconds()]);
    expect(vectors).toBeUndefined();
    expect(error).toBeInstanceOf(Error);
  });
});

const afterTenSeconds = (): Promise<{ vectors?: never; error: Error }> =>
  new Promise((resolve) => setTimeout(resolve, 10_000, { error: new Error("still at it") }));

const withSignals = clients.filter(([, make]) => make("http://worker").takesSignals);

describe.each(withSignals)("%s", (_, make) => {
  test("gives up on a server that says nothing when it is told to", async () => {
    await using server = await startScriptedServer();
    server.script(silence);
    const giveUp = new AbortController();
    const work = outcome(make(server.url), giveUp.signal);
    await expect.poll(() => server.requests.length, { timeout: 10_000 }).toBe(1);
    const started = performance.now();
    giveUp.abort(new Error("changed my mind"));
    expect((await work).error).toBeInstanceOf(Error);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(server.requests.length).toBe(1);
  });
});

/** Clients that have a timeout of their own. */
const withTimeouts: [name: string, embed: (server: ScriptedServer) => Promise<unknown>][] = [
  [
    "NearvecClient",
    ({ url }) => new NearvecClient({ baseUrl: url, timeoutMs: 300, retries: 0 }).embed(texts),
  ],
  [
    "openai",
    async ({ url }) => {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none", timeout: 300, maxRetries: 0 });
      return client.embeddings.create({ model: "tiny", input: texts });
    },
  ],
  [
    "cohere-ai",
    async ({ url }) => {
      const client = new CohereClientV2({ environment: url, token: "none" });
      const request = { model: "tiny", inputType: "search_query", texts } as const;
      return client.embed(request, { timeoutInSeconds: 1, maxRetries: 0 });
    },
  ],
];

test.each(withTimeouts)("%s gives up on a server that says nothing after its timeout", async (_, embed) => {
  await using server = await startScriptedServer();
  server.script(silence);
  await expect(embed(server)).rejects.toThrow(/tim(ed|e) ?out|within 300 ms/i);
});
