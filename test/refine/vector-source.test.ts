import { describe, expect, onTestFinished, test } from "vitest";
import { keyOf, VectorCache } from "../../distill-job/refine/teacher-pass/vector-cache.ts";
import {
  type VectorSource,
  vectorsInCache,
  vectorsInMemory,
} from "../../distill-job/refine/teacher-pass/vector-source.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";

/** More than one block, and not a whole number of them. */
const rows = 9000;
const dimensions = 3;
const values = Float32Array.from({ length: rows * dimensions }, (_, i) => i);

async function inCache(): Promise<VectorSource> {
  const cache = await VectorCache.open(await temporaryDirectory(), ["teacher"], dimensions);
  onTestFinished(() => cache.close());
  const keys = Array.from({ length: rows }, (_, row) => keyOf(String(row)));
  // In the file the second half comes first.
  const half = rows / 2;
  await cache.append(keys.slice(half), values.slice(half * dimensions));
  await cache.append(keys.slice(0, half), values.slice(0, half * dimensions));
  return vectorsInCache(cache, keys);
}

describe.each([
  ["memory", async () => vectorsInMemory({ values, rows, dimensions })],
  ["the cache", inCache],
])("vectors in %s", (_, open) => {
  test("are read in the order that they are asked for", async () => {
    const source = await open();
    expect(source).toMatchObject({ rows, dimensions });
    const read = await source.read(Uint32Array.of(8999, 0, 4500));
    expect([...read]).toEqual([26_997, 26_998, 26_999, 0, 1, 2, 13_500, 13_501, 13_502]);
  });

  test("come in blocks, every one once, each with its row", async () => {
    const found = new Float32Array(values.length).fill(-1);
    const seen: number[] = [];
    for await (const block of (await open()).blocks()) {
      expect(block.values.length).toBe(block.rows.length * dimensions);
      block.rows.forEach((row, i) => {
        seen.push(row);
        found.set(block.values.subarray(i * dimensions, (i + 1) * dimensions), row * dimensions);
      });
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
    expect(found).toEqual(values);
  });
});
