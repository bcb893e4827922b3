/** Clients that break off, or take their time: nobody else waits for them, and nothing half sent is stored. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

/** As much of it as is read here. */
interface OpenApiDocument {
  readonly paths: Readonly<
    Record<
      string,
      Record<
        string,
        {
          readonly requestBody?: { readonly content: object };
          readonly parameters?: readonly { readonly name: string; readonly example?: unknown }[];
        }
      >
    >
  >;
}

let worker: RunningWorker;
let client: NearvecClient;

beforeAll(async () => {
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
  client = new NearvecClient({ baseUrl: worker.url, retries: 0 });
  await client.collections.create({ name: "notes" });
}, startTimeout);
afterAll(async () => worker?.stop());

/** Begins a request of so many bytes. */
async function begin(method: string, path: string, type: string, length: number): Promise<Socket> {
  const { hostname, port } = new URL(worker.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await new Promise((connected) => socket.once("connect", connected));
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`,
  );
  return socket;
}

async function answerOf(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

test("a client that breaks off in the middle of its upload harms no route", async () => {
  const document = (await (await fetch(`${worker.url}/openapi.json`)).json()) as OpenApiDocument;
  let tried = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { requestBody, parameters = [] }] of Object.entries(operations)) {
      if (requestBody === undefined) continue;
      const filled = parameters.reduce(
        (text, { name, example }) => text.replace(`{${name}}`, String(example)),
        path,
      );
      const type = Object.keys(requestBody.content)[0]!;
      const socket = await begin(method.toUpperCase(), filled, type, 100_000);
      socket.write(`{"input": "${"hello ".repeat(1000)}`);
      await sleep(20);
      socket.destroy();
      tried++;
      expect(await client.embed("hello world")).toHaveLength(8);
    }
  }
  expect(tried).toBeGreaterThan(18);
  expect((await client.collection("notes").describe()).statistics.documents).toBe(0);
});

test("an import that breaks off has stored whole documents or none, and can be sent again", async () => {
  const lines = Array.from({ length: 1000 }, (_, i) =>
    JSON.stringify({ id: `${i}`, text: `hello edge ${i}` }),
  );
  const body = `${lines.join("\n")}\n`;
  const socket = await begin("POST", "/v1/collections/notes/import", "application/x-ndjson", body.length);
  socket.write(body.slice(0, body.length * 0.7));
  await sleep(500);
  socket.destroy();
  await sleep(500);
  for await (const { id, text } of client.collection("notes").list()) expect(text).toBe(`hello edge ${id}`);
  const again = await fetch(`${worker.url}/v1/collections/notes/import`, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-ndjson" },
  });
  expect(await again.json()).toMatchObject({ lines: 1000, failed: 0 });
  expect((await client.collection("notes").describe()).statistics.documents).toBe(1000);
});

test("a client that sends a byte now and then gets its answer", async () => {
  const body = '{"input": "hello world"}';
  const socket = await begin("POST", "/v1/embeddings", "application/json", body.length);
  for (const character of body) {
    socket.write(character);
    await sleep(30);
  }
  expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 200 /);
});

test("clients that never send what they announced keep nobody waiting", async () => {
  const sockets = await Promise.all(
    Array.from({ length: 40 }, () => begin("POST", "/v1/embeddings", "application/json", 5_000_000)),
  );
  for (const socket of sockets) socket.write('{"input": "');
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.embed("hello world")));
  expect(answers).toHaveLength(20);
  for (const socket of sockets) socket.destroy();
});

test("a client that breaks off while it reads its answer harms nobody", async () => {
  for (let i = 0; i < 10; i++) {
    const body = JSON.stringify({ input: Array.from({ length: 2048 }, () => "hello world") });
    const socket = await begin("POST", "/v1/embeddings", "application/json", body.length);
    socket.write(body);
    await new Promise((first) => socket.once("data", first));
    socket.destroy();
  }
  expect(await client.embed("hello world")).toHaveLength(8);
});
