/** A writer whose backend is Vectorize: a stand-in for it has what the documents have, and nothing else, in the end. */
import { reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { SegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { CollectionStore } from "../../worker/collections/collection-store.ts";
import type { CollectionWriter, WrittenDocument } from "../../worker/collections/collection-writer.ts";
import { LiveCollection } from "../../worker/collections/live-collection.ts";
import { migrate } from "../../worker/collections/schema.ts";
import { storedVectors } from "../../worker/collections/vectorize/stored-vector.ts";
import type { VectorSink } from "../../worker/collections/vectorize/vectorize-publisher.ts";
import { collectionWriter } from "../../worker/collections/writer-client.ts";
import type { Bindings } from "../../worker/environment.ts";
import { testSettings, writtenDocument } from "../support/written-documents.ts";
import { Client, idsOf } from "./collection-fixtures.ts";
import { bindings as givenBindings } from "./model-fixtures.ts";
import { VectorizeStandIn } from "./vectorize-stand-in.ts";

/** What the object is given too: it has the same bindings. */
const bindings = givenBindings as {
  -readonly [Name in keyof Bindings]: Bindings[Name];
} & typeof givenBindings;
const settings: CollectionSettings = { ...testSettings, backend: "vectorize" };
let vectors: VectorizeStandIn;
let writer: CollectionWriter;
let incarnation: string;

beforeEach(async () => {
  vectors = new VectorizeStandIn(8);
  bindings.COLLECTION_VECTORS = vectors as unknown as Vectorize;
  writer = collectionWriter(bindings, "c");
  ({ incarnation } = await writer.create("c", settings));
});
afterEach(() => reset());
afterAll(() => {
  delete (bindings as Partial<Bindings> as { COLLECTION_VECTORS?: unknown }).COLLECTION_VECTORS;
});

/** A document of several entries. */
function document(number: number, entries: number, version = 0): WrittenDocument {
  return {
    ...writtenDocument(number, { version, rows: entries, characters: Math.max(40, entries) }),
    entries: Array.from({ length: entries }, (_, i) => ({ from: i, to: i + 1, rows: 1 })),
  };
}

const stub = (name = "c") => bindings.COLLECTION.get(bindings.COLLECTION.idFromName(name));

/** Has the alarm go off now, whatever it would have waited for. */
async function wake(name = "c"): Promise<void> {
  await runInDurableObject(stub(name), async (_, { storage }) => {
    storage.sql.exec("UPDATE progress SET confirmed_at = 0, retry_at = 0, written_at = 0");
    storage.sql.exec("UPDATE progress SET unpublished_since = 0 WHERE unpublished_since IS NOT NULL");
    await storage.setAlarm(Date.now() + 60_000);
  });
  await runDurableObjectAlarm(stub(name));
}

/** Wakes it until nothing is left to be done, and lets that be seen. */
async function publish(name = "c"): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await wake(name);
    const left = await runInDurableObject(stub(name), async (_, { storage }) =>
      storage.sql
        .exec(
          "SELECT 1 FROM progress WHERE unpublished_since IS NOT NULL OR generation <> confirmed_generation",
        )
        .toArray(),
    );
    if (left.length === 0) {
      vectors.settle();
      return;
    }
  }
  throw new Error("Expected everything to be published after 20 alarms");
}

/** Vectorize has the vectors of these documents, and nothing else. */
async function expectVectorsOf(documents: readonly WrittenDocument[]): Promise<void> {
  const expected = await Promise.all(documents.map((each) => storedVectors(each, settings, incarnation)));
  expect(vectors.vectors).toEqual(expected.flat().sort((left, right) => (left.id < right.id ? -1 : 1)));
}

async function uploadOf(documents: readonly WrittenDocument[]): Promise<SegmentUpload> {
  const { reference, parts } = await writeSegment(documents, settings);
  const sorted = [...documents].sort((left, right) => compareCodePoints(left.id, right.id));
  return { segment: reference, documents: sorted.map(({ id, contentHash }) => ({ id, contentHash })), parts };
}

describe("what is written", () => {
  test("is found once Vectorize shows it", async () => {
    const documents = [document(1, 3), document(2, 1), document(3, 2)];
    await writer.write(documents);
    await wake();
    await wake();
    const client = new Client({ collections: bindings });
    const { values, scales, id } = documents[0]!;
    const vector = [...values.subarray(8, 16)].map((value) => value * scales[1]!);
    expect(idsOf(await client.search("c", { vector }))).toEqual([]);
    vectors.settle();
    const { results } = await client.search("c", { vector });
    expect(results[0]).toMatchObject({ id, score: expect.closeTo(1, 2) });
    await publish();
    await expectVectorsOf(documents);
  });

  test("takes the place of what was there, with fewer entries, with more, and with other metadata", async () => {
    await writer.write([document(1, 5), document(2, 2), document(3, 2)]);
    await publish();
    await writer.write([document(1, 2, 1), document(2, 4, 1)]);
    const patched = await writer.patch(document(3, 2).id, { number: 7 });
    await publish();
    const third = { ...document(3, 2), metadata: patched!.metadata };
    await expectVectorsOf([document(1, 2, 1), document(2, 4, 1), third]);
  });

  test("more than one call takes arrives whole, and goes whole", async () => {
    const documents = Array.from({ length: 30 }, (_, i) => document(i, 90));
    await writer.write(documents);
    await publish();
    await expectVectorsOf(documents);
    await writer.remove(documents.slice(1).map(({ id }) => id));
    await publish();
    await expectVectorsOf(documents.slice(0, 1));
  });

  test("is apart from another collection's documents with the same ids", async () => {
    await writer.write([document(1, 2)]);
    await publish();
    const other = collectionWriter(bindings, "other");
    await other.create("other", settings);
    await other.write([document(1, 3, 1)]);
    await publish("other");
    expect(vectors.size).toBe(5);
    await other.destroy();
    await publish();
    await expectVectorsOf([document(1, 2)]);
  });

  test("while it is on its way is published next", async () => {
    await writer.write([document(1, 5), document(2, 3), document(3, 1)]);
    vectors.beforeAnswer = async () => {
      vectors.beforeAnswer = undefined;
      await writer.write([document(1, 2, 1), document(3, 4, 1)]);
      await writer.remove([document(2, 3).id]);
    };
    await publish();
    await publish();
    await expectVectorsOf([document(1, 2, 1), document(3, 4, 1)]);
  });
});

describe("what is removed", () => {
  beforeEach(async () => {
    await writer.write([document(1, 5), document(2, 2), document(3, 1)]);
    await publish();
  });

  test("leaves no vectors behind", async () => {
    await writer.remove([document(1, 5).id]);
    await writer.removeMatching({ number: 3 });
    await publish();
    await expectVectorsOf([document(2, 2)]);
    await writer.removeAll();
    await publish();
    expect(vectors.size).toBe(0);
  });

  test("and written again has its new vectors", async () => {
    await writer.remove([document(1, 5).id]);
    await writer.write([document(1, 2, 1)]);
    await publish();
    await expectVectorsOf([document(1, 2, 1), document(2, 2), document(3, 1)]);
    await writer.removeAll();
    await writer.write([document(2, 1, 1)]);
    await publish();
    await expectVectorsOf([document(2, 1, 1)]);
  });

  test("all at once while Vectorize fails goes later", async () => {
    vectors.failure = new Error("not now");
    await writer.removeAll();
    await wake();
    await wake();
    expect((await writer.describe())!.publishError).toContain("not now");
    vectors.failure = undefined;
    await publish();
    expect(vectors.size).toBe(0);
    expect((await writer.describe())!.publishError).toBe(null);
  });

  test("while what it had before is being deleted goes next", async () => {
    await writer.write([document(1, 2, 1)]);
    vectors.beforeAnswer = async () => {
      vectors.beforeAnswer = undefined;
      await writer.remove([document(1, 2).id]);
    };
    await publish();
    await expectVectorsOf([document(2, 2), document(3, 1)]);
  });

  test("with the collection goes too, what was never published among it", async () => {
    await writer.remove([document(3, 1).id]);
    await writer.write([document(1, 2, 1), document(4, 2)]);
    await writer.destroy();
    vectors.settle();
    expect(vectors.size).toBe(0);
    expect(await writer.describe()).toBe(null);
  });

  test("with the collection while Vectorize fails goes later, before it is forgotten", async () => {
    vectors.failure = new Error("not now");
    await writer.destroy();
    expect(await writer.describe()).toBe(null);
    await expect(writer.create("c", settings)).rejects.toMatchObject({ code: "storage_unavailable" });
    vectors.failure = undefined;
    await runDurableObjectAlarm(stub());
    vectors.settle();
    expect(vectors.size).toBe(0);
    expect(await writer.create("c", settings)).toMatchObject({ documents: 0 });
  });
});

test("a Vectorize that fails at first loses nothing, and the collection says what is wrong", async () => {
  vectors.failure = new Error("no such index");
  await writer.write([document(1, 2), document(2, 1)]);
  await wake();
  const failed = (await writer.describe())!;
  expect(failed.publishError).toMatch(/Vectorize to take 3 vectors.*no such index/);
  expect(failed.publishedSequence).toBe(0);
  expect(await writer.read([document(1, 2).id])).toMatchObject([{ published: false }]);
  await writer.write([document(1, 1, 1)]);
  vectors.failure = undefined;
  await publish();
  await expectVectorsOf([document(1, 1, 1), document(2, 1)]);
  expect(await writer.describe()).toMatchObject({ publishError: null, publishedSequence: 2 });
});

describe("a segment that is adopted", () => {
  test("brings its vectors, and takes the place of what was there", async () => {
    await writer.write([document(1, 4), document(2, 1), document(3, 2)]);
    await publish();
    await writer.remove([document(3, 2).id]);
    const uploaded = [document(1, 2, 1), document(3, 1, 1), document(4, 3, 1)];
    await writer.adopt(await uploadOf(uploaded));
    await publish();
    await expectVectorsOf([...uploaded, document(2, 1)]);
    await writer.removeAll();
    await publish();
    expect(vectors.size).toBe(0);
  });

  test("can be adopted again after Vectorize failed", async () => {
    const upload = await uploadOf([document(1, 2), document(2, 3)]);
    vectors.failure = new Error("not now");
    await expect(writer.adopt(upload)).rejects.toMatchObject({ code: "storage_unavailable" });
    expect(await writer.adopted([upload.segment.id])).toEqual([false]);
    vectors.failure = undefined;
    await writer.adopt(upload);
    await publish();
    await expectVectorsOf([document(1, 2), document(2, 3)]);
  });

  test("takes the place of what is written while its vectors are on their way", async () => {
    const upload = await uploadOf([document(1, 2), document(2, 3)]);
    vectors.beforeAnswer = async () => {
      vectors.beforeAnswer = undefined;
      await writer.write([document(1, 4, 1), document(5, 1)]);
    };
    await writer.adopt(upload);
    await publish();
    await expectVectorsOf([document(1, 2), document(2, 3), document(5, 1)]);
  });

  test("and never was, for the answer was lost, leaves what was there before", async () => {
    await writer.write([document(1, 3), document(2, 1)]);
    await publish();
    vectors.beforeAnswer = async () => {
      vectors.beforeAnswer = undefined;
      throw new Error("the connection was lost");
    };
    const upload = await uploadOf([document(1, 5, 1), document(4, 3, 1)]);
    await expect(writer.adopt(upload)).rejects.toMatchObject({ code: "storage_unavailable" });
    await publish();
    await expectVectorsOf([document(1, 3), document(2, 1)]);
  });
});

test("an object of the version before gets its table of former vectors", async () => {
  await runInDurableObject(stub(), async (_, { storage }) => {
    storage.sql.exec("DROP TABLE former_vectors");
    storage.sql.exec("UPDATE schema_version SET version = 1");
    migrate(storage);
  });
  await writer.write([document(1, 2)]);
  await writer.remove([document(1, 2).id]);
  await publish();
  expect(vectors.size).toBe(0);
});

describe("without the binding", () => {
  test("no collection is made", async () => {
    delete (bindings as Partial<Bindings> as { COLLECTION_VECTORS?: unknown }).COLLECTION_VECTORS;
    await expect(collectionWriter(bindings, "d").create("d", settings)).rejects.toMatchObject({
      ...{ code: "collections_unavailable", message: expect.stringContaining("COLLECTION_VECTORS") },
    });
    await collectionWriter(bindings, "d").create("d", testSettings);
  });

  test("one that was made publishes nothing until it is back, and says so", async () => {
    await writer.write([document(1, 1)]);
    await runInDurableObject(stub(), async (_, { storage }) => {
      const open = (index?: VectorSink) =>
        new LiveCollection(CollectionStore.open(storage)!, storage, bindings.COLLECTIONS, null, index);
      const error = {
        code: "collections_unavailable",
        message: expect.stringContaining("COLLECTION_VECTORS"),
      };
      await expect(open().publish()).rejects.toMatchObject(error);
      await open(vectors).publish();
    });
    vectors.settle();
    await expectVectorsOf([document(1, 1)]);
  });
});
