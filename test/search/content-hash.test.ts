/** Two documents have one content hash exactly if they have one content. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { contentHash } from "../../shared/search/content-hash.ts";

test("ignores the order of keys, at any depth", async () => {
  const left = { text: "rain", metadata: { a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } } };
  const right = { text: "rain", metadata: { b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 } };
  expect(await contentHash(left)).toBe(await contentHash(right));
});

test("differs with the text, any value or their order, and the vector", async () => {
  const document = { text: "rain", metadata: { a: [1, 2] } };
  const others = [
    contentHash({ ...document, text: "rain " }),
    contentHash({ ...document, metadata: { a: [2, 1] } }),
    contentHash({ ...document, metadata: { a: ["1", 2] } }),
    contentHash({ ...document, metadata: {} }),
    contentHash(document, [1, 0]),
    contentHash(document, [1, 0.5]),
  ];
  const hashes = await Promise.all([contentHash(document), ...others]);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("takes a list and a float array of the same numbers for the same vector", async () => {
  await fc.assert(
    fc.asyncProperty(fc.float32Array({ noNaN: true, noDefaultInfinity: true }), async (vector) => {
      const document = { text: "", metadata: {} };
      expect(await contentHash(document, [...vector])).toBe(await contentHash(document, vector));
    }),
  );
});
