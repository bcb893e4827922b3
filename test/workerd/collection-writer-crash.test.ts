/** A collection's object that dies between any two steps leaves nothing that the next one does not put right. */
import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import type { VectorBackend } from "../../shared/search/collection/collection-settings.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import type { SegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import { CollectionStore } from "../../worker/collections/collection-store.ts";
import type { WrittenDocument } from "../../worker/collections/collection-writer.ts";
import { LiveCollection } from "../../worker/collections/live-collection.ts";
import { manifestOf } from "../../worker/collections/next-manifest.ts";
import { hasSchema, migrate } from "../../worker/collections/schema.ts";
import { storedVectors } from "../../worker/collections/vectorize/stored-vector.ts";
import type { VectorSink } from "../../worker/collections/vectorize/vectorize-publisher.ts";
import { partsInKv, publishedDocuments } from "../support/published-documents.ts";
import { testSettings, writtenDocument, writtenDocuments } from "../support/written-documents.ts";
import { CrashPoint, crashingNamespace, crashingStorage, crashingVectors } from "./crashing-storage.ts";
import { VectorizeStandIn } from "./vectorize-stand-in.ts";

const bindings = env as unknown as {
  readonly COLLECTIONS: KVNamespace;
  readonly COLLECTION: DurableObjectNamespace<CollectionObject>;
};

afterEach(() => reset());

/** What is done to a collection while it may crash, and again by the next object after it has. */
interface Action {
  readonly before: readonly WrittenDocument[];
  /** Changes that are acknowledged before anything can crash. */
  prepare?(collection: LiveCollection, state: DurableObjectState): Promise<void>;
  act(collection: LiveCollection): Promise<void>;
  /** Ids and versions that a reader of KV may find at any time, the last of them in the end. */
  readonly states: readonly (readonly string[])[];
  /** `scan` if not given. */
  readonly backend?: VectorBackend;
}

/** Objects that crash at the same time: most of their time is spent waiting. */
const atOnce = 8;

function open(
  storage: DurableObjectStorage,
  namespace: Pick<KVNamespace, "put" | "delete">,
  vectors: VectorSink,
): LiveCollection {
  return new LiveCollection(CollectionStore.open(storage)!, storage, namespace, null, vectors);
}

/** Crashes before step 0, before step 1… until nothing is left to crash; returns what the steps were. */
async function crashEverywhere(name: string, action: Action): Promise<string[]> {
  const steps: string[] = [];
  for (let first = 0; ; first += atOnce) {
    const wave = Array.from({ length: atOnce }, (_, i) => first + i);
    const crashes = await Promise.all(wave.map((last) => crashOnce(`${name}-${last}`, last, action)));
    steps.push(...crashes.filter((crashedAt) => crashedAt !== null));
    if (crashes.includes(null)) return steps;
  }
}

async function crashOnce(name: string, last: number, action: Action): Promise<string | null> {
  const stub = bindings.COLLECTION.get(bindings.COLLECTION.idFromName(name));
  return runInDurableObject(stub, async (_, state) => {
    const { storage } = state;
    migrate(storage);
    const vectors = new VectorizeStandIn(testSettings.dimensions);
    const settings = { ...testSettings, backend: action.backend ?? testSettings.backend };
    const identity = { name, incarnation: `of${name}`, createdAt: 1, settings };
    CollectionStore.create(storage, identity, (store) => store.setManifest(manifestOf(store)));
    // Manifests have a second between them; here that would only take time.
    storage.sql.exec("UPDATE progress SET confirmed_generation = 0");
    const healthy = open(storage, bindings.COLLECTIONS, vectors);
    if (action.before.length > 0) await healthy.write(action.before);
    await healthy.publish();
    await action.prepare?.(healthy, state);
    storage.sql.exec("UPDATE progress SET confirmed_at = 0");

    const point = new CrashPoint(last);
    const broken = crashingStorage(storage, point);
    const namespace = crashingNamespace(bindings.COLLECTIONS, point);
    await action.act(open(broken, namespace, crashingVectors(vectors, point))).catch((error: unknown) => {
      if (point.crashedAt === null) throw error;
    });
    const { crashedAt } = point;
    const seen = await inKv(name);
    expect(action.states, `readers after a crash before ${crashedAt}`).toContainEqual(seen);

    if (hasSchema(storage)) {
      storage.sql.exec("UPDATE progress SET confirmed_at = 0");
      await action.act(open(storage, bindings.COLLECTIONS, vectors));
    }
    expect(await inKv(name), `after recovery from a crash before ${crashedAt}`).toEqual(action.states.at(-1));
    await expectNothingForgotten(name, storage);
    if (action.backend === "vectorize") {
      vectors.settle();
      await expectVectorsOf(action.states.at(-1)!, vectors, identity.incarnation);
    }
    return crashedAt;
  });
}

/** Ids and versions that the manifest in KV leads to; none without a manifest. */
async function inKv(name: string): Promise<string[]> {
  const manifest = await bindings.COLLECTIONS.get<Manifest>(manifestKey(name), "json");
  if (manifest === null) return [];
  const documents = await publishedDocuments(manifest.segments, partsInKv(bindings.COLLECTIONS, manifest));
  expect(documents).toHaveLength(manifest.statistics.documents);
  return documents.map(({ id, metadata }) => `${id} ${metadata.version}`).sort();
}

/** Every part in KV is known to the object, or it could never be deleted. */
async function expectNothingForgotten(name: string, storage: DurableObjectStorage): Promise<void> {
  const { keys } = await bindings.COLLECTIONS.list({ prefix: `part/of${name}/` });
  const known = !hasSchema(storage)
    ? []
    : storage.sql
        .exec<{ sha256: string }>("SELECT sha256 FROM parts")
        .toArray()
        .map(({ sha256 }) => sha256);
  for (const { name: key } of keys) expect(known).toContain(key.split("/").at(-1));
}

/** Vectorize has those of these ids and versions, and no others. */
async function expectVectorsOf(
  state: readonly string[],
  vectors: VectorizeStandIn,
  incarnation: string,
): Promise<void> {
  const documents = state.map((name) => {
    const [id, version] = name.split(" ");
    return writtenDocument(Number(id!.split("-")[1]), { version: Number(version) });
  });
  const expected = await Promise.all(documents.map((each) => storedVectors(each, testSettings, incarnation)));
  expect(vectors.vectors).toEqual(expected.flat().sort((left, right) => (left.id < right.id ? -1 : 1)));
}

const names = (from: number, to: number, version = 0): string[] =>
  writtenDocuments(from, to).map(({ id }) => `${id} ${version}`);

test("while it publishes and merges: readers have the old state or the new one, then the new one", async () => {
  const steps = await crashEverywhere("publish", {
    before: writtenDocuments(0, 30),
    prepare: async (collection) => {
      await collection.write(writtenDocuments(20, 40, { version: 1 }));
      await collection.remove([writtenDocument(0).id, writtenDocument(39).id]);
    },
    act: (collection) => collection.publish(),
    states: [names(0, 30), [...names(1, 20), ...names(20, 39, 1)]],
  });
  expect(steps.filter((step) => step.startsWith("put part/")).length).toBeGreaterThanOrEqual(3);
  expect(steps.some((step) => step.startsWith("put manifest/"))).toBe(true);
  expect(steps.some((step) => step.startsWith("the answer to put manifest/"))).toBe(true);
});

test("while it publishes that everything was removed", async () => {
  await crashEverywhere("remove", {
    before: writtenDocuments(0, 10),
    prepare: async (collection) => {
      await collection.removeAll();
    },
    act: (collection) => collection.publish(),
    states: [names(0, 10), []],
  });
});

test("while it adopts a segment, which is then uploaded again", async () => {
  const upload = await uploadOf(writtenDocuments(5, 25, { version: 1 }));
  const after = [...names(0, 5), ...names(5, 25, 1)];
  const steps = await crashEverywhere("adopt", {
    before: writtenDocuments(0, 10),
    act: async (collection) => {
      await collection.adopt(upload);
      await collection.publish();
    },
    states: [names(0, 10), after],
  });
  expect(steps.filter((step) => step.startsWith("put part/")).length).toBeGreaterThanOrEqual(3);
});

test("while it collects garbage: what the manifest names stays", async () => {
  const after = [...names(0, 5), ...names(5, 10, 1)];
  const steps = await crashEverywhere("garbage", {
    before: writtenDocuments(0, 10),
    prepare: async (collection, { storage }) => {
      await collection.write(writtenDocuments(5, 10, { version: 1 }));
      storage.sql.exec("UPDATE progress SET confirmed_at = 0");
      await collection.publish();
      storage.sql.exec("UPDATE parts SET unreferenced_since = 0 WHERE unreferenced_since IS NOT NULL");
    },
    act: (collection) => collection.wake(),
    states: [after],
  });
  expect(steps.filter((step) => step.startsWith("delete part/"))).toHaveLength(3);
});

test("while it is destroyed: the manifest goes first, and in the end nothing is left", async () => {
  const steps = await crashEverywhere("destroy", {
    before: writtenDocuments(0, 10),
    act: async (collection) => {
      await collection.destroy();
    },
    states: [names(0, 10), []],
  });
  expect(steps.find((step) => step.startsWith("delete"))).toMatch(/^delete manifest/);
  expect((await bindings.COLLECTIONS.list()).keys).toEqual([]);
});

test("while it brings vectors into Vectorize, and takes others out", async () => {
  const steps = await crashEverywhere("vectors", {
    before: writtenDocuments(0, 10),
    prepare: async (collection) => {
      await collection.write(writtenDocuments(5, 15, { version: 1 }));
      await collection.remove([writtenDocument(0).id, writtenDocument(14).id]);
    },
    act: (collection) => collection.publish(),
    states: [names(0, 10), [...names(1, 5), ...names(5, 14, 1)]],
    backend: "vectorize",
  });
  expect(steps).toEqual(expect.arrayContaining(["upsert vectors", "the answer to delete vectors"]));
});

test("while it takes all vectors out of Vectorize", async () => {
  await crashEverywhere("novectors", {
    before: writtenDocuments(0, 10),
    prepare: async (collection) => {
      await collection.removeAll();
    },
    act: (collection) => collection.publish(),
    states: [names(0, 10), []],
    backend: "vectorize",
  });
});

test("while it adopts a segment into Vectorize, which is then uploaded again", async () => {
  const upload = await uploadOf(writtenDocuments(5, 25, { version: 1 }));
  const after = [...names(0, 5), ...names(5, 25, 1)];
  await crashEverywhere("adoptvectors", {
    before: writtenDocuments(0, 10),
    act: async (collection) => {
      await collection.adopt(upload);
      await collection.publish();
    },
    states: [names(0, 10), after],
    backend: "vectorize",
  });
});

test("while it is destroyed: no vector is left", async () => {
  await crashEverywhere("destroyvectors", {
    before: writtenDocuments(0, 10),
    act: async (collection) => {
      await collection.destroy();
    },
    states: [names(0, 10), []],
    backend: "vectorize",
  });
});

async function uploadOf(documents: readonly WrittenDocument[]): Promise<SegmentUpload> {
  const { reference, parts } = await writeSegment(documents, testSettings);
  const sorted = [...documents].sort((left, right) => compareCodePoints(left.id, right.id));
  return { segment: reference, documents: sorted.map(({ id, contentHash }) => ({ id, contentHash })), parts };
}
