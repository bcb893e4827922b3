/** Collections and their documents over HTTP: made, written, read, changed, moved in and out, deleted. */
import { describe, expect, test } from "vitest";
import { collectionListSchema, collectionSchema } from "../../shared/api/collections/collection-answer.ts";
import {
  documentListSchema,
  documentSchema,
  importAnswerSchema,
  writeAnswerSchema,
} from "../../shared/api/collections/document-answer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { segmentUpload } from "../support/segment-upload.ts";
import { Client, idsOf, published } from "./collection-fixtures.ts";
import { errorOf, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const client = new Client();
const ndjson = { "content-type": "application/x-ndjson" };

describe("a collection", () => {
  test("is made with defaults, described, listed and deleted", async () => {
    const sha256 = await putModel("tiny", tinyModel());
    const made = await client.post("", { name: "life", fields: { year: "number" } });
    expect(made.status).toBe(201);
    expect(collectionSchema.parse(made.body)).toMatchObject({
      name: "life",
      model: { id: "tiny", sha256 },
      dimensions: 8,
      fields: { year: "number" },
      chunking: null,
      whitening: "auto",
      best_window: false,
      shards: 1,
      backend: "scan",
      statistics: { documents: 0, generation: 0, pending: 0, resident: null, publish_error: null },
    });
    const { data } = collectionListSchema.parse((await client.get("")).body);
    expect(data.map(({ name }) => name)).toContain("life");
    const deleted = await client.delete("/life");
    expect(deleted.body).toEqual({ object: "collection.deleted", name: "life", deleted: true });
    expect((await client.get("/life")).status).toBe(404);
    expect((await client.delete("/life")).status).toBe(404);
    expect((await client.post("/life/search", { query: "hello" })).status).toBe(404);
    expect((await client.get("")).body.data.map(({ name }: { name: string }) => name)).not.toContain("life");
  });

  test("counts what is published and what is not", async () => {
    await client.create("counts");
    await client.write("counts", [
      { id: "a", text: "hello" },
      { id: "b", text: "world" },
    ]);
    expect((await client.get("/counts")).body.statistics).toMatchObject({ documents: 2, pending: 1 });
    await published("counts");
    await client.search("counts", { query: "hello" });
    const { statistics } = (await client.get("/counts")).body;
    expect(statistics).toMatchObject({
      documents: 2,
      published_documents: 2,
      entries: 2,
      segments: 1,
      pending: 0,
      resident: { generation: statistics.generation, complete: true },
    });
    expect(statistics.bytes).toBeGreaterThan(100);
  });

  test("made anew under the same name shows nothing of the one before", async () => {
    await client.create("again");
    await client.write("again", [{ id: "a", text: "hello" }]);
    await published("again");
    expect(idsOf(await client.search("again", { query: "hello" }))).toEqual(["a"]);
    await client.delete("/again");
    await client.create("again", { dimensions: 4 });
    expect(await client.search("again", { query: "hello" })).toMatchObject({ results: [], partial: false });
    await client.write("again", [{ id: "b", text: "hello" }]);
    await published("again");
    expect(idsOf(await client.search("again", { query: "hello" }))).toEqual(["b"]);
  });

  test("keeps the file of its model when another is put in force", async () => {
    await client.create("pinned");
    const first = await client.write("pinned", [{ id: "a", text: "hello world" }]);
    expect(first.created).toBe(1);
    const before = (await client.get("/pinned/documents/a?include=vector")).body.vector;
    await putModel("tiny", tinyModel({ seed: 9 }));
    // A new isolate, which has not loaded the old file.
    const later = new Client();
    await later.write("pinned", [{ id: "b", text: "hello world" }]);
    expect((await later.get("/pinned/documents/b?include=vector")).body.vector).toEqual(before);
    expect(
      (await later.search("pinned", { query: "hello world", mode: "vector", consistency: "strong" }))
        .results[0].score,
    ).toBeGreaterThan(0.999);
    await putModel("tiny", tinyModel());
  });

  test("can be one of the bundled model, without a bucket", async () => {
    const bundled = new Client({ bucket: null });
    expect((await bundled.post("", { name: "nano", model: "nano" })).body.model.id).toBe("nano");
    await bundled.write("nano", [{ id: "a", text: "a horse in the rain" }]);
    const { results } = await bundled.search("nano", { query: "horses", consistency: "strong" });
    expect(results[0].id).toBe("a");
  });

  test("needs its bindings, and says so", async () => {
    const bare = new Client({ collections: { COLLECTIONS: undefined, COLLECTION: undefined } });
    const { status, body } = await bare.get("");
    expect(status).toBe(501);
    expect(body.error).toMatchObject({ code: "collections_unavailable", type: "server_error" });
  });
});

describe("documents", () => {
  test("are created, unchanged, updated, and read as they were written", async () => {
    await client.create("write");
    const document = { id: "a", text: "hello", metadata: { deep: { list: [1, null, "x"] } } };
    const answer = writeAnswerSchema.parse(await client.write("write", [document]));
    expect(answer.data).toEqual([{ id: "a", status: "created" }]);
    expect((await client.write("write", [document])).data).toEqual([{ id: "a", status: "unchanged" }]);
    const changed = { ...document, text: "world" };
    expect((await client.write("write", [changed])).data).toEqual([{ id: "a", status: "updated" }]);
    const read = documentSchema.parse((await client.get("/write/documents/a")).body);
    expect(read).toMatchObject({ ...changed, published: false });
    await published("write");
    expect((await client.get("/write/documents/a")).body.published).toBe(true);
  });

  test("that are unchanged do not load the model", async () => {
    await client.create("idle");
    await client.write("idle", [{ id: "a", text: "hello" }]);
    const later = new Client();
    await later.write("idle", [{ id: "a", text: "hello" }]);
    expect(later.services.registry.memory.list()).toEqual([]);
  });

  test.each(["a/b c", "../x", "ü?#%2F", "delete", "emoji 🌳", "a+b&c=d", "x".repeat(512)])(
    "can be called %j",
    async (id) => {
      await client.create("ids").catch(() => {});
      await client.write("ids", [{ id, text: "hello" }]);
      const path = `/ids/documents/${encodeURIComponent(id)}`;
      expect((await client.get(path)).body.id).toBe(id);
      const patched = await client.ask("PATCH", path, { metadata: { seen: true } });
      expect(patched.body).toMatchObject({ id, metadata: { seen: true } });
      expect((await client.delete(path)).body.deleted).toBe(1);
      expect((await client.get(path)).status).toBe(404);
    },
  );

  test("are listed in pages, by prefix, in the order of their bytes", async () => {
    await client.create("list");
    const ids = ["b/2", "a", "b/10", "b/1", "ü", "b", "c"];
    await client.write(
      "list",
      ids.map((id) => ({ id, text: "hello" })),
    );
    const read = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      let cursor = "";
      for (;;) {
        const { body } = await client.get(`/list/documents?${query}${cursor}`);
        const page = documentListSchema.parse(body);
        found.push(...page.data.map(({ id }) => id));
        if (page.next_cursor === null) return found;
        cursor = `&cursor=${page.next_cursor}`;
      }
    };
    expect(await read("limit=2")).toEqual(["a", "b", "b/1", "b/10", "b/2", "c", "ü"]);
    expect(await read("limit=1&prefix=b/")).toEqual(["b/1", "b/10", "b/2"]);
    expect(await read("prefix=none")).toEqual([]);
  });

  test("are patched as RFC 7396 says, within the limits of metadata", async () => {
    await client.create("patch", { fields: { year: "number" } });
    await client.write("patch", [
      { id: "a", text: "hello", metadata: { year: 1, inner: { keep: 1, drop: 2 } } },
    ]);
    const patch = (metadata: unknown) => client.ask("PATCH", "/patch/documents/a", { metadata });
    expect((await patch({ year: 2, inner: { drop: null } })).body.metadata).toEqual({
      year: 2,
      inner: { keep: 1 },
    });
    const wrong = await patch({ year: "two" });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.param).toBe("metadata.year");
    const large = await patch({ note: "x".repeat(16_300), other: "y".repeat(100) });
    expect(large.body.error.param).toBe("metadata");
    expect((await client.get("/patch/documents/a")).body.metadata).toEqual({ year: 2, inner: { keep: 1 } });
  });

  test("are deleted by their ids, by a filter, and all at once", async () => {
    await client.create("remove", { fields: { year: "number" } });
    await client.write(
      "remove",
      [1, 2, 3, 4, 5].map((year) => ({ id: `${year}`, text: "hello", metadata: { year } })),
    );
    const remove = async (body: unknown) =>
      (await client.post("/remove/documents/delete", body)).body.deleted;
    expect(await remove({ ids: ["1", "absent"] })).toBe(1);
    expect(await remove({ filter: { year: { $gte: 4 } } })).toBe(2);
    expect((await client.get("/remove/documents")).body.data.map(({ id }: { id: string }) => id)).toEqual([
      "2",
      "3",
    ]);
    expect(await remove({ all: true })).toBe(2);
    expect((await client.get("/remove")).body.statistics.documents).toBe(0);
  });
});

describe("NDJSON", () => {
  test("goes out and comes in again, the same", async () => {
    await client.create("from");
    await client.create("to");
    const documents = Array.from({ length: 250 }, (_, i) => ({
      id: `d${i}`,
      text: `hello world ${i}\n"quoted" 🌳`,
      metadata: { i },
    }));
    await client.write("from", documents);
    const exported = await client.raw("GET", "/from/export");
    expect(exported.headers.get("content-type")).toContain("application/x-ndjson");
    const text = await exported.text();
    expect(text.trimEnd().split("\n")).toHaveLength(250);
    const imported = await client.raw("POST", "/to/import", { body: text, headers: ndjson });
    expect(importAnswerSchema.parse(await imported.json())).toMatchObject({
      lines: 250,
      created: 250,
      failed: 0,
    });
    expect(await (await client.raw("GET", "/to/export")).text()).toBe(text);
  });

  test("has the vectors that cannot be made again, or all", async () => {
    await client.create("vectors");
    await client.write("vectors", [
      { id: "a", text: "hello" },
      { id: "b", vector: [0, 0, 3, 0, 0, 4, 0, 0] },
    ]);
    const lines = async (path: string) => {
      const text = await (await client.raw("GET", path)).text();
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    };
    const [a, b] = await lines("/vectors/export");
    expect(a.vector).toBeUndefined();
    for (const [i, value] of [0, 0, 0.6, 0, 0, 0.8, 0, 0].entries())
      expect(b.vector[i]).toBeCloseTo(value, 2);
    expect((await lines("/vectors/export?include=vector"))[0].vector).toHaveLength(8);
    await client.create("vectors-again");
    const body = await (await client.raw("GET", "/vectors/export")).text();
    const imported = await client.raw("POST", "/vectors-again/import", { body, headers: ndjson });
    expect(await imported.json()).toMatchObject({ created: 2, failed: 0 });
    expect((await client.get("/vectors/export?include=all")).body.error.param).toBe("include");
  });

  test("that is wrong in places is taken where it is right, and the lines are named", async () => {
    await client.create("lines");
    const lines = [
      '{"id":"a","text":"hello"}',
      "",
      '{"id":"b"',
      '{"id":"c"}',
      '{"id":"a","text":"world"}\r',
      "null",
      '{"id":"d","text":"hello"}',
    ];
    const response = await client.raw("POST", "/lines/import", { body: lines.join("\n"), headers: ndjson });
    const answer = importAnswerSchema.parse(await response.json());
    expect(answer).toMatchObject({ lines: 6, created: 2, updated: 1, failed: 3 });
    expect(answer.errors.map(({ line, id, error }) => [line, id, error.code, error.param])).toEqual([
      [3, null, "invalid_json", null],
      [4, "c", "invalid_request", "text"],
      [6, null, "invalid_request", ""],
    ]);
    expect((await client.get("/lines/documents/a")).body.text).toBe("world");
  });

  test("is taken however it is cut into pieces", async () => {
    await client.create("pieces");
    const bytes = new TextEncoder().encode('{"id":"ä","text":"hello 🌳"}\n{"id":"b","text":"world"}');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const response = await client.raw("POST", "/pieces/import", { body, headers: ndjson });
    expect(await response.json()).toMatchObject({ lines: 2, created: 2 });
    expect((await client.get(`/pieces/documents/${encodeURIComponent("ä")}`)).body.text).toBe("hello 🌳");
  });

  test("with a line without end gets 413, and with another type 415", async () => {
    await client.create("endless");
    const long = await client.raw("POST", "/endless/import", {
      body: new Uint8Array(5 * 1024 * 1024).fill(0x61),
      headers: ndjson,
    });
    expect(long.status).toBe(413);
    expect((await errorOf(long)).param).toBe("line 1");
    const csv = await client.raw("POST", "/endless/import", {
      body: "a,b",
      headers: { "content-type": "text/csv" },
    });
    expect(csv.status).toBe(415);
  });
});

describe("a finished segment", () => {
  const upload = async (): Promise<Uint8Array> => segmentUpload(await StaticModel.load(tinyModel()));
  const send = (name: string, body: Uint8Array) =>
    client.raw("POST", `/${name}/segments`, { body: body as Uint8Array<ArrayBuffer> });

  test("is adopted once, found, and its documents are those that a request would have written", async () => {
    await client.create("adopt");
    await client.write("adopt", [{ id: "s0", text: "something else" }]);
    const body = await upload();
    const adopted = await (await send("adopt", body)).json<{ segment: string; documents: number }>();
    expect(adopted).toMatchObject({ object: "segment.adopted", documents: 4 });
    const check = { segments: [adopted.segment, "0".repeat(64)] };
    expect((await client.post("/adopt/segments/check", check)).body.data).toEqual([
      { segment: adopted.segment, adopted: true },
      { segment: "0".repeat(64), adopted: false },
    ]);
    expect((await send("adopt", body)).status).toBe(200);
    await published("adopt");
    expect((await client.get("/adopt")).body.statistics.documents).toBe(4);
    const { results } = await client.search("adopt", { query: "far edge", include: ["text", "metadata"] });
    expect(results[0]).toMatchObject({ id: "s2", text: "far edge", metadata: { i: 2 } });
    const again = await client.write("adopt", [{ id: "s1", text: "hello world", metadata: { i: 1 } }]);
    expect(again.data[0].status).toBe("unchanged");
  });

  test("of another collection's dimensions is refused", async () => {
    await client.create("narrow", { dimensions: 4 });
    const response = await send("narrow", await upload());
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toBe("invalid_request");
  });

  test("is refused whichever byte of its parts is damaged", async () => {
    await client.create("damaged");
    const body = await upload();
    const parts = 4 + new DataView(body.buffer).getUint32(0, true);
    for (let at = parts; at < body.length; at += 61) {
      const damaged = body.slice();
      damaged[at]! ^= 0x20;
      const response = await send("damaged", damaged);
      if (response.status === 200) {
        // Bytes between the parts say nothing.
        expect(body[at], `byte ${at}`).toBe(0);
        await client.post("/damaged/documents/delete", { all: true });
        continue;
      }
      expect(response.status, `byte ${at}: ${await response.text()}`).toBe(400);
    }
    for (const length of [0, 3, 4, 100, body.length - 1]) {
      expect((await send("damaged", body.slice(0, length))).status).toBe(400);
    }
    expect((await client.get("/damaged")).body.statistics.documents).toBe(0);
  });

  test("that is too large gets 413", async () => {
    await client.create("heavy");
    const response = await send("heavy", new Uint8Array(24 * 1024 * 1024 + 1));
    expect(response.status).toBe(413);
  });
});

describe("paths", () => {
  test.each([
    ["PUT", "", "POST, GET, HEAD, OPTIONS"],
    ["POST", "/c", "GET, HEAD, DELETE, OPTIONS"],
    ["GET", "/c/search", "POST, OPTIONS"],
    ["POST", "/c/export", "GET, HEAD, OPTIONS"],
    ["PUT", "/c/documents/a", "GET, HEAD, PATCH, DELETE, OPTIONS"],
  ])("%s %s gets 405 and is told what is allowed", async (method, path, allow) => {
    const { status, headers } = await client.ask(method, path);
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe(allow);
  });
});
