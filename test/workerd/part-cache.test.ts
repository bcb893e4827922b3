/** The parts that an isolate keeps: more while memory is free, fewer as soon as it is wanted. */
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../shared/kernel/checksum.ts";
import { partCacheBytes } from "../../shared/limits.ts";
import type { PartReference } from "../../shared/search/collection/manifest.ts";
import { PartCache, type PartSource } from "../../worker/collections/reader/part-cache.ts";
import { IsolateMemory } from "../../worker/isolate-memory.ts";

const mebibyte = 1024 * 1024;

/** A store of parts of a MiB each, which counts what is read out of it. */
function countedSource(): {
  source: PartSource;
  reference: (i: number) => PartReference;
  reads: () => number;
} {
  let reads = 0;
  const contentOf = (i: number): Uint8Array<ArrayBuffer> => new Uint8Array(mebibyte).fill(i);
  const get = async (key: string) => {
    reads++;
    return contentOf(Number(key.slice(key.lastIndexOf("/") + 1))).buffer;
  };
  return {
    reads: () => reads,
    source: { store: { get } as unknown as PartSource["store"], incarnation: "i", parts: {} },
    reference: (i) => ({ sha256: `${i}`, bytes: mebibyte, checksum: checksumOf(contentOf(i)), count: 1 }),
  };
}

describe("read parts", () => {
  it("are kept in memory that is free, and given back when it is wanted", async () => {
    const { source, reference, reads } = countedSource();
    const memory = new IsolateMemory(64 * mebibyte);
    const cache = new PartCache(memory);
    const readAll = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await cache.read(reference(i), source);
    };
    await readAll();
    await readAll();
    expect(reads()).toBe(20);
    expect(cache.usedBytes).toBe(20 * mebibyte);

    const room = memory.reserve("model/large", 54 * mebibyte, "replaced");
    expect(room).toBeTypeOf("object");
    expect(cache.usedBytes).toBe(10 * mebibyte);
    await cache.read(reference(19), source);
    expect(reads()).toBe(20);
    await cache.read(reference(0), source);
    expect(reads()).toBe(21);

    memory.reserve("model/larger", 10 * mebibyte, "replaced");
    expect(cache.usedBytes).toBe(partCacheBytes);
  });

  it("are kept up to a limit of their own where nobody lends", async () => {
    const { source, reference } = countedSource();
    const cache = new PartCache();
    for (let i = 0; i < 20; i++) await cache.read(reference(i), source);
    expect(cache.usedBytes).toBe(partCacheBytes);
  });

  it("are refused if they are damaged", async () => {
    const { source, reference } = countedSource();
    await expect(
      new PartCache().read({ ...reference(1), checksum: "0123456789abcdef" }, source),
    ).rejects.toMatchObject({ code: "artifact_corrupt" });
  });
});
