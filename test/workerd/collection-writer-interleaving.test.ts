/**
 * Writes that come while segments and manifests are on their way, to a KV stand-in (not Cloudflare's) that fails at
 * random and answers reads with what was there up to a minute ago.
 */
import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { manifestKey, partKey } from "../../shared/search/collection/collection-keys.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import { CollectionStore } from "../../worker/collections/collection-store.ts";
import { LiveCollection } from "../../worker/collections/live-collection.ts";
import { manifestOf } from "../../worker/collections/next-manifest.ts";
import { migrate } from "../../worker/collections/schema.ts";
import { publishedDocuments } from "../support/published-documents.ts";
import { UnreliableNamespace } from "../support/unreliable-namespace.ts";
import { random, testSettings, writtenDocuments } from "../support/written-documents.ts";

const bindings = env as unknown as { readonly COLLECTION: DurableObjectNamespace<CollectionObject> };

afterEach(async () => {
  vi.restoreAllMocks();
  await reset();
});

const range = 60;

/** One collection, a stand-in for KV, and what the collection must hold. */
class Scene {
  readonly kv: UnreliableNamespace;
  readonly collection: LiveCollection;
  /** Versions by id. */
  readonly model = new Map<string, number>();
  /** The model after each write, by its sequence. */
  readonly history = new Map<number, ReadonlyMap<string, number>>([[0, new Map()]]);
  readonly #next: () => number;
  #version = 0;
  /** What the manifests put so far held. */
  readonly published: { manifest: Manifest; versions: Map<string, number> }[] = [];

  constructor(
    storage: DurableObjectStorage,
    seed: number,
    failing: number,
    duringPut: (scene: Scene) => Promise<void>,
  ) {
    this.#next = random(seed);
    this.kv = new UnreliableNamespace({ seed, failing });
    // A clock that goes on by itself, so that nobody waits for the second between two manifests.
    vi.spyOn(Date, "now").mockImplementation(() => {
      this.kv.now += 1500;
      return this.kv.now;
    });
    migrate(storage);
    const identity = { name: "c", incarnation: "i", createdAt: 1, settings: testSettings };
    const store = CollectionStore.create(storage, identity, (created) =>
      created.setManifest(manifestOf(created)),
    );
    const namespace = {
      put: async (key: string, value: string) => {
        await duringPut(this);
        await this.kv.put(key, value);
        await duringPut(this);
      },
      delete: (key: string) => this.kv.delete(key),
    } as unknown as Pick<KVNamespace, "put" | "delete">;
    this.collection = new LiveCollection(store, storage, namespace);
  }

  chance(outOf: number): boolean {
    return this.#next() % outOf === 0;
  }

  async change(): Promise<void> {
    // Others may change something before this change is answered.
    const version = ++this.#version;
    const first = this.#next() % range;
    const documents = writtenDocuments(first, Math.min(range, first + 1 + (this.#next() % 12)), {
      version,
    });
    const ids = documents.map(({ id }) => id);
    let sequence: number;
    const kind = this.chance(40)
      ? "removeAll"
      : (["remove", "patch", "write", "write", "write"] as const)[this.#next() % 5];
    switch (kind) {
      case "remove":
        ({ sequence } = await this.collection.remove(ids));
        for (const id of ids) this.model.delete(id);
        break;
      case "patch":
        if (await this.collection.patch(ids[0]!, { version })) {
          this.model.set(ids[0]!, version);
        }
        ({ sequence } = await this.collection.describe());
        break;
      case "removeAll":
        ({ sequence } = await this.collection.removeAll());
        this.model.clear();
        break;
      default:
        ({ sequence } = await this.collection.write(documents));
        for (const id of ids) this.model.set(id, version);
    }
    this.history.set(sequence, new Map(this.model));
  }

  async adopt(): Promise<void> {
    const first = this.#next() % range;
    const documents = writtenDocuments(first, Math.min(range, first + 8), { version: ++this.#version });
    const { reference, parts } = await writeSegment(documents, testSettings);
    const uploaded = documents.map(({ id, contentHash }) => ({ id, contentHash }));
    const upload = { segment: reference, documents: uploaded, parts };
    const adopted = await this.collection.adopt(upload).catch(() => null);
    if (adopted === null) return;
    for (const { id } of documents) this.model.set(id, documents[0]!.metadata.version as number);
    this.history.set(adopted.sequence, new Map(this.model));
  }

  /** Publishes until it succeeds. */
  async publish(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const failed = await this.collection.publish().catch((error: unknown) => error ?? true);
      if (failed === undefined) return;
      expect(failed).toMatchObject({ code: "storage_unavailable", status: 503 });
    }
    throw new Error("Expected one of 200 attempts to succeed");
  }

  async versionsOf(manifest: Manifest): Promise<Map<string, number>> {
    const documents = await publishedDocuments(manifest.segments, async (sha256) => {
      const bytes = this.kv.current(partKey(manifest.incarnation, sha256));
      if (bytes === null) throw new Error(`Expected part ${sha256}, which a manifest names, in KV`);
      return bytes;
    });
    const versions = new Map(documents.map(({ id, metadata }) => [id, metadata.version as number]));
    expect(versions.size, "each document once").toBe(documents.length);
    expect(manifest.statistics.documents).toBe(documents.length);
    return versions;
  }

  /** What a strong reader sees who has this manifest. */
  async strongVersions(known: Manifest): Promise<Map<string, number>> {
    const tail = await this.collection.tail(known.generation, known.sequence);
    const manifest = tail.manifest ?? known;
    const stored = async (sha256: string) => this.kv.current(partKey(manifest.incarnation, sha256))!;
    const published = await publishedDocuments(manifest.segments, stored, tail.deleted);
    const { segment } = tail;
    const fresh = segment && (await publishedDocuments([segment], async (sha256) => tail.parts[sha256]!));
    const all = [...published, ...(fresh ?? [])];
    const versions = new Map(all.map(({ id, metadata }) => [id, metadata.version as number]));
    expect(versions.size, "each document once").toBe(all.length);
    return versions;
  }

  /** Manifests that took effect, in order, each read while it was the newest. */
  manifests(): Manifest[] {
    return this.kv.log
      .filter(({ key, kind }) => kind === "put" && key === manifestKey("c"))
      .map(({ value }) => JSON.parse(new TextDecoder().decode(value!)) as Manifest);
  }
}

function inScene(
  seed: number,
  failing: number,
  duringPut: (scene: Scene) => Promise<void>,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const stub = bindings.COLLECTION.get(bindings.COLLECTION.idFromName(`scene-${seed}`));
  return runInDurableObject(stub, (_, { storage }) => work(new Scene(storage, seed, failing, duringPut)));
}

describe.each([1, 2, 3, 4])("with seed %i", (seed) => {
  test("manifests follow one another, never ahead of their parts, never behind what they say they have", async () => {
    const duringPut = async (scene: Scene) => {
      if (scene.chance(3)) await scene.change();
    };
    await inScene(seed, 0.25, duringPut, async (scene) => {
      for (let round = 0; round < 30; round++) {
        await scene.change();
        if (scene.chance(4)) await scene.adopt();
        if (scene.chance(2)) await scene.publish();
        if (scene.chance(3)) {
          const known = scene.manifests().at(-1);
          if (known !== undefined) expect(await scene.strongVersions(known)).toEqual(scene.model);
        }
      }
      for (let round = 0; round < 5; round++) await scene.publish();
      expect(scene.kv.failures).toBeGreaterThan(0);

      const put = new Set<string>();
      let generation = -1;
      let sequence = -1;
      for (const { key, value } of scene.kv.log) {
        put.add(key);
        if (key !== manifestKey("c")) continue;
        const manifest = JSON.parse(new TextDecoder().decode(value!)) as Manifest;
        expect(manifest.generation).toBeGreaterThanOrEqual(generation);
        expect(manifest.sequence).toBeGreaterThanOrEqual(sequence);
        ({ generation, sequence } = manifest);
        for (const segment of manifest.segments) {
          const { index, rows, documents } = segment.parts;
          for (const { sha256 } of [index, ...rows, ...documents])
            expect(put).toContain(partKey("i", sha256));
        }
        const versions = await scene.versionsOf(manifest);
        // Nothing older than the writes that it says it has; what came later may be there.
        for (const [id, version] of scene.history.get(manifest.sequence) ?? []) {
          const here = versions.get(id);
          if (here !== undefined) expect(here).toBeGreaterThanOrEqual(version);
          else expect(wasRemovedAfter(scene, id, manifest.sequence)).toBe(true);
        }
      }
      expect(await scene.versionsOf(scene.manifests().at(-1)!)).toEqual(scene.model);
    });
  });
});

/** Whether some write after a sequence left the document out. */
function wasRemovedAfter({ history }: Scene, id: string, sequence: number): boolean {
  return [...history].some(([later, versions]) => later > sequence && !versions.has(id));
}

test("whoever reads what was there a minute ago finds an older state, never a wrong one", async () => {
  await inScene(
    5,
    0.1,
    async () => {},
    async (scene) => {
      const states: Map<string, number>[] = [];
      for (let round = 0; round < 40; round++) {
        await scene.change();
        await scene.publish();
        states.push(new Map(scene.model));
        const bytes = scene.kv.read(manifestKey("c"));
        if (bytes === null) continue;
        // Parts of older manifests are still there: merges leave them alone for longer than KV is stale.
        const seen = await scene.versionsOf(JSON.parse(new TextDecoder().decode(bytes)) as Manifest);
        expect(states.some((state) => equal(state, seen)) || seen.size === 0).toBe(true);
        await scene.collection.wake();
      }
      const segments = scene.manifests().at(-1)!.segments.length;
      // Long after, only what the manifest names is left.
      await scene.publish();
      scene.kv.now += 3_600_000;
      for (let round = 0; round < 20; round++) await scene.collection.wake();
      const named = scene
        .manifests()
        .at(-1)!
        .segments.flatMap(({ parts }) => [parts.index, ...parts.rows, ...parts.documents]);
      expect(scene.kv.keys().sort()).toEqual(
        [manifestKey("c"), ...new Set(named.map(({ sha256 }) => partKey("i", sha256)))].sort(),
      );
      expect(segments).toBeLessThan(10);
    },
  );
});

test("deleting answers once nobody can find the collection, and goes on by itself with the rest", async () => {
  await inScene(
    6,
    0,
    async () => {},
    async (scene) => {
      await scene.change();
      await scene.publish();
      const { delete: remove } = scene.kv;
      scene.kv.delete = async (key) => {
        if (key.startsWith("part/")) throw new Error("KV DELETE failed: 429 Too Many Requests");
        await remove.call(scene.kv, key);
      };
      expect(await scene.collection.destroy()).toBe(true);
      expect(scene.kv.current(manifestKey("c"))).toBe(null);
      expect(scene.kv.keys()).not.toEqual([]);
      expect(scene.collection.destroying).toBe(true);
      scene.kv.delete = remove;
      await scene.collection.wake();
      expect(scene.kv.keys()).toEqual([]);
      expect(scene.collection.alive).toBe(false);
    },
  );
});

function equal(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): boolean {
  return left.size === right.size && [...left].every(([id, version]) => right.get(id) === version);
}
