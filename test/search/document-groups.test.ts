/** Documents are grouped by number and length, and work on the groups keeps their order. */
import { describe, expect, test } from "vitest";
import {
  type DocumentGroup,
  groupCharacters,
  groupDocuments,
  groupsOf,
} from "../../distill-job/index-documents/document-groups.ts";
import { inOrder } from "../../distill-job/index-documents/in-order.ts";
import type { DocumentBatch } from "../../distill-job/index-documents/read-documents.ts";

async function* batchesOf(texts: readonly (readonly [string, string])[][]): AsyncGenerator<DocumentBatch> {
  let bytes = 0;
  for (const batch of texts) {
    bytes += 10;
    yield {
      documents: batch.map(([id, text]) => ({ id, text, metadata: {} })),
      bytes,
      totalBytes: texts.length * 10,
    };
  }
}

async function grouped(texts: readonly (readonly [string, string])[][]): Promise<DocumentGroup[]> {
  return Array.fromAsync(groupsOf(batchesOf(texts)));
}

describe("groups", () => {
  test("end at their number of documents, across batches", async () => {
    const ids = Array.from({ length: groupDocuments + 5 }, (_, i) => [`${i}`, "a"] as const);
    const groups = await grouped([ids.slice(0, 1000), ids.slice(1000)]);
    expect(groups.map(({ documents }) => documents.length)).toEqual([groupDocuments, 5]);
    expect(groups.flatMap(({ documents }) => documents.map(({ id }) => id))).toEqual(ids.map(([id]) => id));
    expect(groups.map(({ bytes, totalBytes }) => [bytes, totalBytes])).toEqual([
      [10, 20],
      [20, 20],
    ]);
  });

  test("end before their texts are too long, but hold one document at least", async () => {
    const half = "x".repeat(groupCharacters / 2);
    const groups = await grouped([
      [
        ["a", half],
        ["b", half],
        ["c", "x"],
        ["d", half + half + half],
        ["e", "x"],
      ],
    ]);
    expect(groups.map(({ documents }) => documents.map(({ id }) => id))).toEqual([
      ["a", "b"],
      ["c"],
      ["d"],
      ["e"],
    ]);
  });

  test("hold the last of several documents with one id", async () => {
    const [group] = await grouped([
      [
        ["a", "old"],
        ["b", "b"],
      ],
      [["a", "new"]],
    ]);
    expect(group!.documents.map(({ id, text }) => [id, text])).toEqual([
      ["a", "new"],
      ["b", "b"],
    ]);
  });

  test("are none where there are no documents", async () => {
    expect(await grouped([[], []])).toEqual([]);
  });
});

describe("work in order", () => {
  async function* numbers(upTo: number): AsyncGenerator<number> {
    for (let i = 0; i < upTo; i++) yield i;
  }

  test("comes in order whoever is done first, with no more begun than asked", async () => {
    let running = 0;
    let most = 0;
    const results = inOrder(numbers(20), 3, async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      running--;
      return item;
    });
    expect(await Array.fromAsync(results)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(most).toBe(3);
  });

  test("stops at the first that fails, in its turn", async () => {
    const begun: number[] = [];
    const taken: number[] = [];
    const results = inOrder(numbers(20), 2, async (item) => {
      begun.push(item);
      if (item === 3) throw new Error("three");
      return item;
    });
    await expect(
      (async () => {
        for await (const item of results) taken.push(item);
      })(),
    ).rejects.toThrow("three");
    expect(taken).toEqual([0, 1, 2]);
    expect(begun.length).toBeLessThanOrEqual(5);
  });
});
