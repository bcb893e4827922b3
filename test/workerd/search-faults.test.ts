/** Search over a KV that is late, forgets and damages: an older answer, or one that says what is missing; never a wrong one. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { manifestKey, partKey } from "../../shared/search/collection/collection-keys.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { Client, idsOf, published } from "./collection-fixtures.ts";
import { FaultyStore } from "./faulty-store.ts";
import { bindings } from "./model-fixtures.ts";

let collections = 0;
let name: string;
let store: FaultyStore;
let client: Client;
const request = { query: "hello", mode: "keyword" };

beforeEach(async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
  name = `faults-${collections++}`;
  store = new FaultyStore();
  client = new Client({ collections: store.bindings });
  await client.create(name);
  await client.write(name, [{ id: "a", text: "hello world" }]);
  await published(name);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function manifest(): Promise<Manifest> {
  return JSON.parse((await bindings.COLLECTIONS.get(manifestKey(name)))!) as Manifest;
}

async function writeMore(id: string): Promise<Manifest> {
  await client.write(name, [{ id, text: "hello edge" }]);
  await published(name);
  return manifest();
}

/** The key of one part of the newest segment. */
async function newestPart(kind: "index" | "rows" | "documents"): Promise<string> {
  const { incarnation, segments } = await manifest();
  const part = segments.at(-1)!.parts[kind];
  const reference = Array.isArray(part) ? part[0]! : part;
  return partKey(incarnation, (reference as { sha256: string }).sha256);
}

describe("a manifest", () => {
  test("that KV does not have yet comes from the writer", async () => {
    store.hidden = (key) => key === manifestKey(name);
    expect(await client.search(name, request)).toMatchObject({ generation: 1, partial: false });
  });

  test("that KV has in an older version never replaces a newer one", async () => {
    const old = await bindings.COLLECTIONS.get(manifestKey(name));
    await writeMore("b");
    expect((await client.search(name, request)).generation).toBe(2);
    store.stale.set(manifestKey(name), old);
    const answer = await client.search(name, request);
    expect(answer.generation).toBe(2);
    expect(idsOf(answer).sort()).toEqual(["a", "b"]);
  });

  test("that a new isolate gets in an older version gives the older answer, whole", async () => {
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

  test("that cannot be read is the one that is known, or 503", async () => {
    const other = new Client({ collections: store.bindings });
    await client.search(name, request);
    store.failing = (key) => key === manifestKey(name);
    expect(idsOf(await client.search(name, request))).toEqual(["a"]);
    const answer = await other.post(`/${name}/search`, request);
    expect(answer.status).toBe(503);
    expect(answer.body.error.code).toBe("storage_unavailable");
  });

  test("that is damaged comes from the writer", async () => {
    store.stale.set(manifestKey(name), '{"formatVersion":1,');
    expect(idsOf(await client.search(name, request))).toEqual(["a"]);
  });

  test("of a collection that was deleted is not believed, though KV still has it", async () => {
    store.stale.set(manifestKey(name), await bindings.COLLECTIONS.get(manifestKey(name)));
    await client.search(name, request);
    await client.delete(`/${name}`);
    expect((await client.post(`/${name}/search`, request)).status).toBe(404);
    await client.create(name);
    expect(idsOf(await client.search(name, request))).toEqual([]);
  });
});

describe.each(["index", "rows"] as const)("an %s part", (kind) => {
  test.each(["hidden", "damaged", "failing"] as const)(
    "that is %s leaves the generation before in place until it can be read",
    async (fault) => {
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

  test.each(["hidden", "damaged", "failing"] as const)(
    "that is %s where nothing was before is named, and the rest answers",
    async (fault) => {
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
  test.each(["hidden", "damaged", "failing"] as const)(
    "that is %s is named, and what was found is found all the same",
    async (fault) => {
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
  test("of parts happen once: later searches read the manifest, and a new generation its new parts", async () => {
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

  test("happen once, however many requests wait", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.search(name, request)));
    expect(answers.every((answer) => idsOf(answer).join() === "a")).toBe(true);
    const parts = store.reads.filter((key) => key.startsWith("part/"));
    expect(new Set(parts.filter((key, i) => parts.indexOf(key) !== i)).size).toBeLessThanOrEqual(1);
  });

  test("need no Durable Object unless the answer does", async () => {
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
  test("is shared with models, and what was used least recently goes", async () => {
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

  test("that can never hold a collection is said so", async () => {
    const tiny = new Client({ collections: store.bindings, budgetBytes: 300_000 });
    const answer = await tiny.post(`/${name}/search`, request);
    expect(answer.status).toBe(500);
    expect(answer.body.error).toMatchObject({ code: "collection_too_large", param: "collection" });
  });
});
