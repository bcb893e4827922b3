/** Search over a KV that is late, forgets and damages: an older answer, or one that says what is missing; never a wrong one. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { manifestKey, partKey } from "../../shared/search/collection/collection-keys.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { Client, idsOf, published } from "./collection-fixtures.ts";
import { FaultyStore } from "./faulty-store.ts";
import { bindings, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

let collections = 0;
const request = { query: "hello", mode: "keyword" };

beforeAll(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await putModel("tiny", tinyModel());
});

afterAll(() => {
  vi.restoreAllMocks();
});

/** A collection with one published document, behind a store that can be told to fail. Tests wait for publications side by side. */
async function setUp() {
  const name = `faults-${collections++}`;
  const store = new FaultyStore();
  const client = new Client({ collections: store.bindings });
  await client.post("", { name });
  await client.write(name, [{ id: "a", text: "hello world" }]);
  await published(name);
  const manifest = async (): Promise<Manifest> =>
    JSON.parse((await bindings.COLLECTIONS.get(manifestKey(name)))!) as Manifest;
  const writeMore = async (id: string): Promise<Manifest> => {
    await client.write(name, [{ id, text: "hello edge" }]);
    await published(name);
    return manifest();
  };
  /** The key of one part of the newest segment. */
  const newestPart = async (kind: "index" | "rows" | "documents"): Promise<string> => {
    const { incarnation, segments } = await manifest();
    const part = segments.at(-1)!.parts[kind];
    const reference = Array.isArray(part) ? part[0]! : part;
    return partKey(incarnation, (reference as { sha256: string }).sha256);
  };
  return { name, store, client, writeMore, newestPart };
}

describe("a manifest", () => {
  test.concurrent("that KV does not have yet comes from the writer", async () => {
    const { name, store, client } = await setUp();
    store.hidden = (key) => key === manifestKey(name);
    expect(await client.search(name, request)).toMatchObject({ generation: 1, partial: false });
  });

  test.concurrent("that KV has in an older version never replaces a newer one", async () => {
    const { name, store, client, writeMore } = await setUp();
    const old = await bindings.COLLECTIONS.get(manifestKey(name));
    await writeMore("b");
    expect((await client.search(name, request)).generation).toBe(2);
    store.stale.set(manifestKey(name), old);
    const answer = await client.search(name, request);
    expect(answer.generation).toBe(2);
    expect(idsOf(answer).sort()).toEqual(["a", "b"]);
    // Nor is it forgotten when the collection has to make room.
    client.services.residents.evict(name);
    expect((await client.search(name, request)).generation).toBe(2);
  });

  test.concurrent("that a new isolate gets in an older version gives the older answer, whole", async () => {
    const { name, store, client, writeMore } = await setUp();
    const old = await bindings.COLLECTIONS.get(manifestKey(name));
    await writeMore("b");
    store.stale.set(manifestKey(name), old);
    const answer = await client.search(name, request);
    expect(answer).toMatchObject({ generation: 1, partial: false });
    expect(idsOf(answer)).toEqual(["a"]);
    const strong = await client.search(name, { ...request, consistency: "strong" });
    expect(idsOf(strong).sort()).toEqual(["a", "b"]);
    // What strong consistency has brought is not forgotten.
    expect((await client.search(name, request)).generation).toBe(2);
  });

  test.concurrent("that cannot be read is the one that is known, or 503", async () => {
    const { name, store, client } = await setUp();
    const other = new Client({ collections: store.bindings });
    await client.search(name, request);
    store.failing = (key) => key === manifestKey(name);
    expect(idsOf(await client.search(name, request))).toEqual(["a"]);
    const answer = await other.post(`/${name}/search`, request);
    expect(answer.status).toBe(503);
    expect(answer.body.error.code).toBe("storage_unavailable");
  });

  test.concurrent("that is damaged comes from the writer", async () => {
    const { name, store, client } = await setUp();
    store.stale.set(manifestKey(name), '{"formatVersion":1,');
    expect(idsOf(await client.search(name, request))).toEqual(["a"]);
  });

  test.concurrent("of a collection that was deleted is not believed, though KV still has it", async () => {
    const { name, store, client } = await setUp();
    store.stale.set(manifestKey(name), await bindings.COLLECTIONS.get(manifestKey(name)));
    await client.search(name, request);
    await client.delete(`/${name}`);
    expect((await client.post(`/${name}/search`, request)).status).toBe(404);
    await client.create(name);
    expect(idsOf(await client.search(name, request))).toEqual([]);
  });
});

describe.each(["index", "rows"] as const)("an %s part", (kind) => {
  test.concurrent.each(["hidden", "damaged", "failing"] as const)(
    "that is %s leaves the generation before in place until it can be read",
    async (fault) => {
      const { name, store, client, writeMore, newestPart } = await setUp();
      await client.search(name, request);
      await writeMore("b");
      const wrong = await newestPart(kind);
      store[fault] = (key) => key === wrong;
      const answer = await client.search(name, request);
      expect(answer).toMatchObject({ generation: 1, partial: false });
      expect(idsOf(answer)).toEqual(["a"]);
      // It is not tried again by every request.
      const before = store.reads.filter((key) => key === wrong).length;
      await client.search(name, request);
      expect(store.reads.filter((key) => key === wrong)).toHaveLength(before);
      const strong = await client.search(name, { ...request, consistency: "strong" });
      expect(strong).toMatchObject({ generation: 1, partial: true });
      store[fault] = () => false;
      client.aheadBy = 6000;
      expect(await client.search(name, request)).toMatchObject({ generation: 2, partial: false });
    },
  );

  test.concurrent.each(["hidden", "damaged", "failing"] as const)(
    "that is %s where nothing was before is named, and the rest answers",
    async (fault) => {
      const { name, store, writeMore, newestPart } = await setUp();
      const { segments } = await writeMore("b");
      const wrong = await newestPart(kind);
      store[fault] = (key) => key === wrong;
      const fresh = new Client({ collections: store.bindings });
      const answer = await fresh.search(name, request);
      expect(answer).toMatchObject({ generation: 2, partial: true });
      expect(answer.missing).toEqual([
        { segment: segments.at(-1)!.id, part: kind, reason: expect.any(String) },
      ]);
      if (segments.length > 1) expect(idsOf(answer)).toEqual(["a"]);
    },
  );
});

describe("a documents part", () => {
  test.concurrent.each(["hidden", "damaged", "failing"] as const)(
    "that is %s is named, and what was found is found all the same",
    async (fault) => {
      const { name, store, client, newestPart } = await setUp();
      const wrong = await newestPart("documents");
      store[fault] = (key) => key === wrong;
      const answer = await client.search(name, { ...request, include: ["text"] });
      expect(answer).toMatchObject({ partial: true, missing: [{ part: "documents" }] });
      expect(answer.results[0].id).toBe("a");
      expect(answer.results[0].text).toBeUndefined();
      store[fault] = () => false;
      const whole = await client.search(name, { ...request, include: ["text"] });
      expect(whole).toMatchObject({ partial: false, results: [{ text: "hello world" }] });
    },
  );
});

describe("reads", () => {
  test.concurrent("of parts happen once: later searches read the manifest, and a new generation its new parts", async () => {
    const { name, store, client, writeMore } = await setUp();
    await client.search(name, request);
    expect(new Set(store.reads).size).toBe(4);
    const first = store.reads.length;
    await client.search(name, request);
    expect(store.reads.slice(first)).toEqual([manifestKey(name)]);
    const before = new Set(store.reads);
    const { segments } = await writeMore("b");
    await client.search(name, request);
    const parts = store.reads.filter((key) => key.startsWith("part/") && !before.has(key));
    expect(parts.length).toBeLessThanOrEqual(3 * segments.length);
    expect(new Set(parts).size).toBe(parts.length);
  });

  test.concurrent("happen once, however many requests wait", async () => {
    const { name, store, client } = await setUp();
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.search(name, request)));
    expect(answers.every((answer) => idsOf(answer).join() === "a")).toBe(true);
    const parts = store.reads.filter((key) => key.startsWith("part/"));
    expect(new Set(parts.filter((key, i) => parts.indexOf(key) !== i)).size).toBeLessThanOrEqual(1);
  });

  test.concurrent("need no Durable Object unless the answer does", async () => {
    const { name } = await setUp();
    const readOnly = new Client({
      collections: {
        COLLECTIONS: bindings.COLLECTIONS,
        COLLECTION: {
          idFromName: () => ({}),
          get: () => ({ invoke: () => Promise.reject(new Error("no writer")) }),
        } as never,
      },
    });
    expect(idsOf(await readOnly.search(name, { ...request, include: ["text"] }))).toEqual(["a"]);
    expect(idsOf(await readOnly.search(name, { id: "a" }))).toEqual([]);
    const strong = await readOnly.post(`/${name}/search`, { ...request, consistency: "strong" });
    expect(strong.status).toBe(503);
  });
});

describe("memory", () => {
  test.concurrent("is shared with models, and what was used least recently goes", async () => {
    const { name, store } = await setUp();
    const small = new Client({ collections: store.bindings, budgetBytes: 7 * 1024 * 1024 });
    const other = `${name}-other`;
    await small.create(other);
    await small.write(other, [{ id: "x", text: "hello" }]);
    await published(other);
    for (const collection of [name, other, name]) {
      expect((await small.search(collection, { query: "hello" })).results).toHaveLength(1);
      const { memory } = small.services.registry;
      expect(memory.usedBytes).toBeLessThanOrEqual(memory.budgetBytes);
    }
  });

  test.concurrent("that can never hold a collection is said so", async () => {
    const { name, store } = await setUp();
    const tiny = new Client({ collections: store.bindings, budgetBytes: 300_000 });
    const answer = await tiny.post(`/${name}/search`, request);
    expect(answer.status).toBe(500);
    expect(answer.body.error).toMatchObject({ code: "collection_too_large", param: "collection" });
  });
});
