/** A collection's writer: what it acknowledges is there, once, for those who ask it and for those who read KV. */
import { reset, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import type { CollectionWriter, StoredDocument } from "../../worker/collections/collection-writer.ts";
import { collectionWriter } from "../../worker/collections/writer-client.ts";
import { partsInKv, publishedDocuments } from "../support/published-documents.ts";
import { testSettings, writtenDocument, writtenDocuments } from "../support/written-documents.ts";

const bindings = env as unknown as {
  readonly COLLECTIONS: KVNamespace;
  readonly COLLECTION: DurableObjectNamespace<CollectionObject>;
};

afterEach(() => reset());

async function create(settings: Partial<CollectionSettings> = {}, name = "c"): Promise<CollectionWriter> {
  const writer = collectionWriter(bindings, name);
  await writer.create(name, { ...testSettings, ...settings });
  return writer;
}

/** Runs alarms until everything is published. */
async function publish(name = "c"): Promise<Manifest> {
  const writer = collectionWriter(bindings, name);
  const stub = bindings.COLLECTION.get(bindings.COLLECTION.idFromName(name));
  for (let round = 0; round < 100; round++) {
    const { sequence, publishedSequence, generation } = (await writer.describe())!;
    const manifest = await readManifest(name);
    if (sequence === publishedSequence && manifest?.generation === generation) return manifest;
    await new Promise((resolve) => setTimeout(resolve, 50));
    await runDurableObjectAlarm(stub);
  }
  throw new Error("Expected everything to be published after 100 alarms");
}

async function readManifest(name = "c"): Promise<Manifest | null> {
  return bindings.COLLECTIONS.get<Manifest>(manifestKey(name), "json");
}

/** Ids and versions that a reader of KV finds, in order. */
async function inKv(manifest: Manifest): Promise<string[]> {
  const documents = await publishedDocuments(manifest.segments, partsInKv(bindings.COLLECTIONS, manifest));
  return documents.map(({ id, metadata }) => `${id} ${metadata.version}`).sort();
}

const names = (from: number, to: number, version = 0): string[] =>
  writtenDocuments(from, to).map(({ id }) => `${id} ${version}`);

describe("a collection", () => {
  test("is there once it is created, in KV too, and only once", async () => {
    const writer = collectionWriter(bindings, "c");
    expect(await writer.describe()).toBe(null);
    expect(await writer.manifest()).toBe(null);
    const description = await writer.create("c", testSettings);
    expect(description).toMatchObject({ name: "c", settings: testSettings, documents: 0, sequence: 0 });
    expect(await readManifest()).toEqual(await writer.manifest());
    await expect(writer.create("c", testSettings)).rejects.toMatchObject({
      ...{ code: "collection_exists", status: 409, param: "name" },
    });
  });

  test("that is not there is answered with collection_not_found", async () => {
    const writer = collectionWriter(bindings, "nowhere");
    const expected = { code: "collection_not_found", status: 404 };
    await expect(writer.write([writtenDocument(1)])).rejects.toMatchObject(expected);
    await expect(writer.tail(0, 0)).rejects.toMatchObject(expected);
    expect(await writer.destroy()).toBe(false);
  });

  test("needs its bindings, and says which", async () => {
    const writer = collectionWriter({}, "c");
    await expect(writer.describe()).rejects.toMatchObject({
      ...{ code: "storage_unavailable", message: expect.stringContaining("COLLECTIONS") },
    });
  });

  test("is gone with all it had once it is destroyed, and can be created anew", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 20));
    const { createdAt } = await publish();
    await writer.write(writtenDocuments(20, 30));
    expect(await writer.destroy()).toBe(true);
    expect(await writer.describe()).toBe(null);
    expect((await bindings.COLLECTIONS.list()).keys).toEqual([]);
    expect(await writer.destroy()).toBe(false);
    const again = await writer.create("c", testSettings);
    expect(again.createdAt).toBeGreaterThan(createdAt);
    expect(again).toMatchObject({ documents: 0, sequence: 0, generation: 0 });
  });
});

describe("a write", () => {
  test("tells what is new, what has changed and what has not", async () => {
    const writer = await create();
    const first = await writer.write(writtenDocuments(0, 3));
    expect(first).toEqual({ sequence: 1, outcomes: ["created", "created", "created"] });
    const second = await writer.write([
      writtenDocument(1),
      writtenDocument(2, { version: 1 }),
      writtenDocument(3),
    ]);
    expect(second).toEqual({ sequence: 2, outcomes: ["unchanged", "updated", "created"] });
    const third = await writer.write(writtenDocuments(0, 2));
    expect(third).toEqual({ sequence: 2, outcomes: ["unchanged", "unchanged"] });
    expect(await writer.describe()).toMatchObject({ documents: 4, sequence: 2 });
  });

  test("of one id twice keeps the last", async () => {
    const writer = await create();
    const { outcomes } = await writer.write([writtenDocument(1), writtenDocument(1, { version: 1 })]);
    expect(outcomes).toEqual(["created", "created"]);
    const [document] = await writer.read([writtenDocument(1).id]);
    expect(document?.metadata.version).toBe(1);
    expect(await writer.describe()).toMatchObject({ documents: 1 });
  });

  test("is all or nothing", async () => {
    const writer = await create();
    const broken = { ...writtenDocument(2), values: new Int8Array(3) };
    await expect(writer.write([writtenDocument(1), broken])).rejects.toMatchObject({
      ...{ code: "invalid_request", param: "values" },
    });
    expect(await writer.read([writtenDocument(1).id])).toEqual([null]);
    expect(await writer.describe()).toMatchObject({ documents: 0, sequence: 0 });
  });

  test("of a document beyond SQLite's 2 MB a row comes back whole", async () => {
    const dimensions = 4096;
    const writer = await create({ dimensions });
    const entries = Array.from({ length: 1000 }, (_, i) => ({ from: i, to: i + 1, rows: 1 }));
    const text = "x".repeat(1000);
    const values = new Int8Array(1000 * dimensions).fill(5);
    const scales = Float32Array.from({ length: 1000 }, (_, i) => i);
    const document = { id: "large", text, metadata: {}, entries, values, scales, contentHash: "large" };
    await writer.write([document]);
    expect(await writer.readVector("large")).toEqual(new Float32Array(dimensions));
    expect(await inKv(await publish())).toEqual(["large undefined"]);
  });
});

describe("documents", () => {
  test("are read by id, with what is not there as null", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 2));
    const { id, text, metadata, values, scales } = writtenDocument(1);
    const [none, found] = await writer.read(["none", id]);
    expect(none).toBe(null);
    expect(found).toEqual({ id, text, metadata, updatedAt: expect.any(Number), published: false });
    expect(await writer.readVector(id)).toEqual(Float32Array.from(values, (value) => value * scales[0]!));
    expect(await writer.readVector("none")).toBe(null);
    await publish();
    expect((await writer.read([id]))[0]?.published).toBe(true);
  });

  test("are listed in the order of their ids' UTF-8 bytes, page by page, by prefix", async () => {
    const writer = await create();
    const ids = ["a", "a\u0000", "a\uffff", "a\u{10000}", "ab", "b", "é", "\u{1f600}", "\uff21"];
    await writer.write(ids.map((id, i) => writtenDocument(i, { id })));
    const sorted = [...ids].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const listed: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: readonly StoredDocument[] = await writer.list({ prefix: "", after, limit: 2 });
      listed.push(...page.map(({ id }) => id));
      if (page.length < 2) break;
      after = page.at(-1)!.id;
    }
    expect(listed).toEqual(sorted);
    const withPrefix = await writer.list({ prefix: "a", after: "a", limit: 10 });
    expect(withPrefix.map(({ id }) => id)).toEqual(sorted.filter((id) => id.startsWith("a") && id !== "a"));
  });

  test("are patched as RFC 7396 says, and published anew without a new vector", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 3));
    await publish();
    const { id } = writtenDocument(1);
    const patched = await writer.patch(id, { parity: null, extra: { deep: 1, gone: null }, version: 7 });
    expect(patched).toMatchObject({
      metadata: { number: 1, extra: { deep: 1 }, version: 7 },
      published: false,
    });
    expect(patched?.metadata).not.toHaveProperty("parity");
    expect(await inKv(await publish())).toEqual([...names(0, 1), `${id} 7`, ...names(2, 3)]);
    // Writing the document as it was undoes the patch.
    const { outcomes } = await writer.write([writtenDocument(1)]);
    expect(outcomes).toEqual(["updated"]);
    expect(await writer.patch("none", {})).toBe(null);
    const tooDeep = JSON.parse(`${'{"a":'.repeat(9)}1${"}".repeat(9)}`);
    await expect(writer.patch(id, tooDeep)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("are removed by id, by filter, or all", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 1200));
    await publish();
    const ids = [writtenDocument(0).id, "none", writtenDocument(0).id];
    expect(await writer.remove(ids)).toEqual({ removed: 1, sequence: 2 });
    expect(await writer.removeMatching({ parity: "odd" })).toMatchObject({ removed: 600 });
    expect(await writer.describe()).toMatchObject({ documents: 599 });
    const even = names(0, 1200).filter((_, i) => i > 0 && i % 2 === 0);
    expect(await inKv(await publish())).toEqual(even);
    expect(await writer.removeAll()).toMatchObject({ removed: 599 });
    const manifest = await publish();
    expect(manifest).toMatchObject({
      segments: [],
      statistics: { documents: 0, entries: 0, rows: 0, words: 0 },
    });
    expect(manifest.whitening).toBe(null);
    await expect(writer.removeMatching({ nothing: "declared" })).rejects.toMatchObject({
      ...{ code: "invalid_request" },
    });
  });
});

describe("publishing", () => {
  test("puts every document into KV once, the newest version of it", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 100));
    expect(await inKv(await publish())).toEqual(names(0, 100));
    await writer.write(writtenDocuments(50, 150, { version: 1 }));
    const manifest = await publish();
    expect(await inKv(manifest)).toEqual([...names(0, 50), ...names(50, 150, 1)]);
    expect(manifest.statistics).toMatchObject({ documents: 150, entries: 150, rows: 150 });
    expect(manifest.sequence).toBe(2);
    const segmentWords = manifest.segments.reduce((sum, { words }) => sum + words, 0);
    expect(manifest.statistics.words).toBeLessThanOrEqual(segmentWords);
  });

  test("says with its statistics what is alive, whatever has been merged", async () => {
    const writer = await create();
    for (let round = 0; round < 4; round++) {
      await writer.write(writtenDocuments(round * 10, round * 10 + 20, { version: round }));
      await publish();
    }
    const { statistics, segments } = (await writer.manifest())!;
    const fresh = await create({}, "fresh");
    for (let round = 0; round < 4; round++) {
      await fresh.write(writtenDocuments(round * 10, round * 10 + 20, { version: round }));
    }
    expect((await publish("fresh")).statistics).toEqual(statistics);
    expect(segments.length).toBeLessThan(4);
  });

  test("whitens from enough entries on, the same whatever the order of writing", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 500));
    expect((await publish()).whitening).toBe(null);
    await writer.write(writtenDocuments(500, 1100));
    await writer.remove(writtenDocuments(1000, 1100).map(({ id }) => id));
    const { whitening } = await publish();
    expect(whitening).not.toBe(null);
    const other = await create({}, "other");
    await other.write(writtenDocuments(300, 1000).reverse());
    await other.write(writtenDocuments(0, 300));
    expect((await publish("other")).whitening).toEqual(whitening);
    const off = await create({ whitening: "off" }, "off");
    await off.write(writtenDocuments(0, 1100));
    expect((await publish("off")).whitening).toBe(null);
  });

  test("of 10,000 documents of 1.5 KB costs at most 20 writes to KV", async () => {
    const writer = await create({ dimensions: 256 });
    const before = (await writer.describe())!.kvWrites;
    for (let first = 0; first < 10_000; first += 500) {
      await writer.write(writtenDocuments(first, first + 500, { dimensions: 256, characters: 1500 }));
    }
    const manifest = await publish();
    expect(manifest.statistics.documents).toBe(10_000);
    const { kvWrites } = (await writer.describe())!;
    expect(kvWrites - before).toBeLessThanOrEqual(20);
    const parts = manifest.segments.flatMap(({ parts }) => [parts.index, ...parts.rows, ...parts.documents]);
    expect(kvWrites - before).toBeGreaterThanOrEqual(parts.length);
  });
});

describe("the tail", () => {
  async function strong(writer: CollectionWriter, known: Manifest): Promise<string[]> {
    const tail = await writer.tail(known.generation, known.sequence);
    const manifest = tail.manifest ?? known;
    const published = await publishedDocuments(
      manifest.segments,
      partsInKv(bindings.COLLECTIONS, manifest),
      tail.deleted,
    );
    const fresh =
      tail.segment === null
        ? []
        : await publishedDocuments([tail.segment], async (sha256) => tail.parts[sha256]!);
    return [...published, ...fresh].map(({ id, metadata }) => `${id} ${metadata.version}`).sort();
  }

  test("is what a manifest lacks: written, replaced, removed", async () => {
    const writer = await create();
    const empty = (await writer.manifest())!;
    expect(await writer.tail(empty.generation, empty.sequence)).toMatchObject({ unchanged: true });
    await writer.write(writtenDocuments(0, 10));
    expect(await strong(writer, empty)).toEqual(names(0, 10));
    const manifest = await publish();
    expect(await strong(writer, empty)).toEqual(names(0, 10));
    await writer.write(writtenDocuments(8, 12, { version: 1 }));
    await writer.remove([writtenDocument(0).id, writtenDocument(11).id]);
    expect(await strong(writer, manifest)).toEqual([...names(1, 8), ...names(8, 11, 1)]);
    expect(await strong(writer, empty)).toEqual([...names(1, 8), ...names(8, 11, 1)]);
  });

  test("is not sent again to who has it", async () => {
    const writer = await create();
    const { generation, sequence } = (await writer.manifest())!;
    await writer.write(writtenDocuments(0, 10));
    const tail = await writer.tail(generation, sequence);
    expect(tail).toMatchObject({ unchanged: false, sequence: 1, manifest: null });
    expect(await writer.tail(generation, tail.sequence)).toEqual({
      ...{ unchanged: true, manifest: null, sequence: 1, segment: null, parts: {}, deleted: {} },
    });
    expect(await writer.tail(generation, sequence)).toEqual(tail);
  });

  test("is published instead where it would be too large", async () => {
    const writer = await create();
    const empty = (await writer.manifest())!;
    for (let first = 0; first < 9000; first += 1000)
      await writer.write(writtenDocuments(first, first + 1000));
    const tail = await writer.tail(empty.generation, empty.sequence);
    expect(tail.segment).toBe(null);
    expect(tail.manifest?.statistics.documents).toBe(9000);
  });
});
