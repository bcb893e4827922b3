/** A collection over several objects is written to as any other, and each shard publishes its part. */
import { reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test } from "vitest";
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { shardName, shardOf } from "../../shared/search/collection/shards.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import type { CollectionWriter } from "../../worker/collections/collection-writer.ts";
import { collectionWriter } from "../../worker/collections/writer-client.ts";
import { partsInKv, publishedDocuments } from "../support/published-documents.ts";
import { testSettings, writtenDocument, writtenDocuments } from "../support/written-documents.ts";

const bindings = env as unknown as {
  readonly COLLECTIONS: KVNamespace;
  readonly COLLECTION: DurableObjectNamespace<CollectionObject>;
};
const shards = 3;
const settings = { ...testSettings, shards };

afterEach(() => reset());

async function create(): Promise<CollectionWriter> {
  const writer = collectionWriter(bindings, "c");
  await writer.create("c", settings);
  return writer;
}

const stubOf = (name: string) => bindings.COLLECTION.get(bindings.COLLECTION.idFromName(name));

/** Runs the shards' alarms until all is in KV; returns what a reader of each shard finds. */
async function publish(writer: CollectionWriter): Promise<string[][]> {
  for (;;) {
    const { sequence, publishedSequence } = (await writer.describe())!;
    if (sequence === publishedSequence) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let shard = 0; shard < shards; shard++) await runDurableObjectAlarm(stubOf(shardName("c", shard)));
  }
  const found: string[][] = [];
  for (let shard = 0; shard < shards; shard++) {
    const name = shardName("c", shard);
    const manifest = (await bindings.COLLECTIONS.get<Manifest>(manifestKey(name), "json"))!;
    expect(manifest.name).toBe(name);
    const documents = await publishedDocuments(manifest.segments, partsInKv(bindings.COLLECTIONS, manifest));
    found.push(documents.map(({ id, metadata }) => `${id} ${metadata.version}`));
  }
  return found;
}

const names = (from: number, to: number, version = 0): string[] =>
  writtenDocuments(from, to).map(({ id }) => `${id} ${version}`);

describe("the shard of a document", () => {
  test("is the same for ever", () => {
    // FNV-1a of "a" is e40c292c; MurmurHash3's finalizer makes 4281e3a6 of it.
    expect(shardOf("a", 2 ** 32)).toBe(fmix32(0xe40c292c));
    expect(shardOf("foobar", 2 ** 32)).toBe(fmix32(0xbf9cf968));
  });

  test("is any with the same chance, for ids that are alike too", () => {
    const counts = new Array<number>(8).fill(0);
    for (let i = 0; i < 8000; i++) counts[shardOf(`document-${i}`, 8)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

/** The finalizer as Austin Appleby's MurmurHash3.cpp has it, in whole numbers without end. */
function fmix32(hash: number): number {
  const mask = 0xffff_ffffn;
  let h = BigInt(hash);
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & mask;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & mask;
  h ^= h >> 16n;
  return Number(h);
}

describe("a sharded collection", () => {
  test("has every document in one shard, and answers for all of them", async () => {
    const writer = await create();
    const { outcomes, sequence } = await writer.write(writtenDocuments(0, 100));
    expect(outcomes).toEqual(new Array(100).fill("created"));
    expect(sequence).toBe(shards);
    const again = await writer.write([...writtenDocuments(99, 101), writtenDocument(0, { version: 1 })]);
    expect(again.outcomes).toEqual(["unchanged", "created", "updated"]);
    expect(await writer.describe()).toMatchObject({
      name: "c",
      settings,
      documents: 101,
      sequence: again.sequence,
    });
    const ids = [writtenDocument(5).id, "none", writtenDocument(100).id];
    expect((await writer.read(ids)).map((document) => document?.id ?? null)).toEqual([ids[0], null, ids[2]]);
    expect(await writer.unchanged([writtenDocument(5), writtenDocument(5, { version: 1 })])).toEqual([
      true,
      false,
    ]);
    expect(await writer.readVector(ids[0]!)).toHaveLength(testSettings.dimensions);
    expect(await writer.patch(ids[0]!, { version: 3 })).toMatchObject({ metadata: { version: 3 } });

    const published = await publish(writer);
    for (const [shard, documents] of published.entries()) {
      expect(documents.length).toBeGreaterThan(20);
      for (const document of documents) expect(shardOf(document.split(" ")[0]!, shards)).toBe(shard);
    }
    const expected = new Set([...names(0, 101), `${writtenDocument(0).id} 1`, `${ids[0]} 3`]);
    for (const replaced of [`${writtenDocument(0).id} 0`, `${ids[0]} 0`]) expected.delete(replaced);
    expect(published.flat().sort()).toEqual([...expected].sort());
  });

  test("lists in the order of ids over all shards, page by page", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 50));
    const listed: string[] = [];
    for (let after: string | null = null; ; after = listed.at(-1)!) {
      const page = await writer.list({ prefix: "document-", after, limit: 7 });
      listed.push(...page.map(({ id }) => id));
      if (page.length < 7) break;
    }
    expect(listed).toEqual(writtenDocuments(0, 50).map(({ id }) => id));
  });

  test("removes by id, by filter, and all", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 100));
    expect(await writer.remove([writtenDocument(0).id, "none"])).toMatchObject({ removed: 1 });
    expect(await writer.removeMatching({ parity: "odd" })).toMatchObject({ removed: 50 });
    expect((await publish(writer)).flat()).toHaveLength(49);
    expect(await writer.removeAll()).toMatchObject({ removed: 49 });
    expect((await publish(writer)).flat()).toEqual([]);
  });

  test("takes an uploaded segment apart", async () => {
    const writer = await create();
    const documents = writtenDocuments(0, 40);
    const { reference, parts } = await writeSegment(documents, settings);
    const sorted = [...documents].sort((left, right) => compareCodePoints(left.id, right.id));
    const upload = {
      segment: reference,
      documents: sorted.map(({ id, contentHash }) => ({ id, contentHash })),
      parts,
    };
    await writer.adopt(upload);
    expect((await publish(writer)).flat().sort()).toEqual(names(0, 40));
    expect(await writer.unchanged(documents)).toEqual(new Array(40).fill(true));
  });

  test("is one line in a list of collections, and gone with its shards", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 30));
    await publish(writer);
    const { keys } = await bindings.COLLECTIONS.list({ prefix: "manifest/" });
    expect(keys.map(({ name }) => name)).toEqual(["manifest/c"]);
    expect(await writer.manifest()).toMatchObject({ name: "c", settings, segments: [] });
    expect(await writer.destroy()).toBe(true);
    expect((await bindings.COLLECTIONS.list()).keys).toEqual([]);
    expect(await writer.describe()).toBe(null);
    await expect(writer.write([writtenDocument(1)])).rejects.toMatchObject({ code: "collection_not_found" });
    for (let shard = 0; shard < shards; shard++) {
      const tables = await runInDurableObject(stubOf(shardName("c", shard)), (_, { storage }) =>
        storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'documents'").toArray(),
      );
      expect(tables).toEqual([]);
    }
  });

  test("that was made anew with other shards is found by who remembers the old ones", async () => {
    const writer = await create();
    await writer.write(writtenDocuments(0, 30));
    const elsewhere = collectionWriter(bindings, "c");
    await elsewhere.destroy();
    await elsewhere.create("c", { ...settings, shards: 2 });
    await writer.write(writtenDocuments(0, 10));
    expect(await writer.describe()).toMatchObject({ documents: 10, settings: { shards: 2 } });
    await elsewhere.destroy();
    await elsewhere.create("c", testSettings);
    await writer.write(writtenDocuments(0, 5));
    expect(await writer.describe()).toMatchObject({ documents: 5, settings: { shards: 1 } });
  });
});
