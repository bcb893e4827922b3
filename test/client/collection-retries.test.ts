/** Collections before a server that misbehaves: what may be sent twice is, what may not is not. */
import { expect, test } from "vitest";
import { type CollectionClient, NearvecClient } from "../../client/http/index.ts";
import { maxBodyBytes } from "../../shared/limits.ts";
import {
  answer,
  type Behaviour,
  hangUp,
  type ReceivedRequest,
  refusal,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";

type Action = (client: NearvecClient, notes: CollectionClient) => Promise<unknown>;

async function run(
  behaviours: Behaviour[],
  action: Action,
): Promise<{ outcome: unknown; server: ScriptedServer }> {
  await using server = await startScriptedServer();
  server.script(...behaviours);
  const client = new NearvecClient({ baseUrl: server.url, retries: 1 });
  const outcome = await action(client, client.collection("notes")).catch((error: unknown) => error);
  return { outcome, server };
}

const written = (response: Parameters<Behaviour>[0], request: ReceivedRequest): void => {
  const { documents } = JSON.parse(request.body) as { documents: { id: string }[] };
  const data = documents.map(({ id }) => ({ id, status: "created" }));
  const counts = { sequence: 7, created: data.length, updated: 0, unchanged: 0, failed: 0 };
  answer(200, { object: "list", data, ...counts })(response, request);
};
const deleted = answer(200, { object: "documents.deleted", deleted: 1, sequence: 8 });
const removed = answer(200, { object: "collection.deleted", name: "notes", deleted: true });
const made = answer(201, { object: "collection", name: "notes" });
const found = answer(200, { object: "list", results: [{ id: "1", score: 0.5 }] });
const document = answer(200, { object: "document", id: "1" });

const repeatable: Record<string, readonly [Behaviour, Action]> = {
  upsert: [written, (_, notes) => notes.upsert([{ id: "1", text: "hello" }])],
  "delete by ids": [deleted, (_, notes) => notes.delete("1")],
  search: [found, (_, notes) => notes.search("hello")],
  get: [document, (_, notes) => notes.get("1")],
  patch: [document, (_, notes) => notes.patch("1", { year: 1 })],
};
const unrepeatable: Record<string, readonly [Behaviour, Action]> = {
  "creating a collection": [made, (client) => client.collections.create({ name: "notes" })],
  "deleting a collection": [removed, (client) => client.collections.delete("notes")],
  "deleting by a filter": [deleted, (_, notes) => notes.deleteMatching({ year: 1 })],
  "deleting all": [deleted, (_, notes) => notes.deleteAll()],
};

test.concurrent.each(Object.entries(repeatable))(
  "%s is sent again after a lost connection",
  async (_, [right, action]) => {
    const { outcome, server } = await run([hangUp, right], action);
    expect(outcome).not.toBeInstanceOf(Error);
    expect(server.requests.length).toBe(2);
  },
);

test.concurrent.each(Object.entries(unrepeatable))(
  "%s is not, for it may have arrived",
  async (_, [right, action]) => {
    const { outcome, server } = await run([hangUp, right], action);
    expect(outcome).toMatchObject({ code: "connection_failed" });
    expect(server.requests.length).toBe(1);
  },
);

test.concurrent.each(Object.entries(unrepeatable))(
  "%s is, where it was turned away at the door",
  async (_, [right, action]) => {
    const turnedAway = refusal(429, "rate_limited", { "retry-after": "0" });
    const { outcome, server } = await run([turnedAway, right], action);
    expect(outcome).not.toBeInstanceOf(Error);
    expect(server.requests.length).toBe(2);
  },
);

test.concurrent.each([
  ["fewer items than documents", { object: "list", data: [], sequence: 1 }, repeatable.upsert![1]],
  ["another kind of answer", { object: "error" }, repeatable.patch![1]],
  ["another document", { object: "document", id: "2" }, repeatable.get![1]],
  ["no results", { object: "list" }, repeatable.search![1]],
  ["a result without a score", { results: [{ id: "1", score: null }] }, repeatable.search![1]],
  ["no count", { object: "documents.deleted" }, repeatable["delete by ids"]![1]],
] as const)("%s is not believed", async (_, body, action) => {
  const { outcome, server } = await run([answer(200, body)], action);
  expect(outcome).toMatchObject({ code: "answer_invalid", requestId: "req_1" });
  expect(server.requests.length).toBe(2);
});

test("a list that goes round in circles ends", async () => {
  const page = answer(200, { object: "list", data: [{ id: "1" }], next_cursor: "again" });
  const { outcome } = await run([page], async (_, notes) => {
    for await (const document of notes.list()) expect(document.id).toBe("1");
  });
  expect(outcome).toMatchObject({ code: "answer_invalid" });
});

test("documents go out in requests of 1000 and 8 MiB at most, those of one id in requests of their own", async () => {
  const { server, outcome } = await run([written], (_, notes) =>
    notes.upsert([
      ...Array.from({ length: 1500 }, (_, i) => ({ id: `n${i}`, text: "hello" })),
      { id: "n1499", text: "hello again" },
      ...Array.from({ length: 40 }, (_, i) => ({ id: `long${i}`, text: "中".repeat(100_000) })),
    ]),
  );
  expect(outcome).toMatchObject({ created: 1541, sequence: 7 });
  const sizes = server.requests.map(({ body }) => JSON.parse(body).documents.length);
  expect(sizes).toEqual([1000, 500, 28, 13]);
  for (const { body } of server.requests) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(maxBodyBytes);
});

test("what JSON cannot say is named", async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const { outcome } = await run([written], (_, notes) =>
    notes.upsert([
      { id: "1", text: "a" },
      { id: "2", text: "b", metadata: circle },
    ]),
  );
  expect(outcome).toMatchObject({ code: "invalid_request", param: "documents[1]" });
});

test("vectors go out as numbers, whatever holds them", async () => {
  const { server } = await run([written], (_, notes) =>
    notes.upsert([
      { id: "1", vector: Float32Array.of(1, 2) },
      { id: "2", vector: [3, 4] },
    ]),
  );
  const { documents } = JSON.parse(server.requests[0]!.body);
  expect(documents).toEqual([
    { id: "1", vector: [1, 2] },
    { id: "2", vector: [3, 4] },
  ]);
  const search = await run([found], (_, notes) =>
    notes.search({ query: "a", vector: Float32Array.of(1, 2) }, { top_k: 3 }),
  );
  expect(JSON.parse(search.server.requests[0]!.body)).toEqual({ query: "a", vector: [1, 2], top_k: 3 });
});
