/** What requests cost in operations, counted, and that docs/costs.md says the same and computes its prices from that. */
import { reset, runInDurableObject } from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
// @ts-expect-error vite reads it as text
import costsPage from "../../docs/costs.md?raw";
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import { Client, published } from "./collection-fixtures.ts";
import { bindings, embed, putModel } from "./model-fixtures.ts";
import {
  countedOperations,
  countObject,
  installCounters,
  type Operations,
  resetCounts,
} from "./operation-counts.ts";
import { tinyModel } from "./tiny-model.ts";

const page: string = costsPage;

/** The rows of the tables whose first cell has this text, cell by cell, without formatting. */
function rowOf(label: string): string[] {
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll("`", "").trim()),
    )
    .filter(([first]) => first === label);
  expect(rows, `rows called "${label}" in docs/costs.md`).toHaveLength(1);
  return rows[0]!.slice(1);
}

const numberOf = (cell: string | undefined) => (cell === "" ? 0 : Number(cell?.replaceAll(",", "")));

/** What the page says that something takes. */
function statedOperations(label: string) {
  const [r2Reads, kvReads, kvWrites, objectRequests, rowsRead, rowsWritten] = rowOf(label).map(numberOf);
  return { r2Reads, kvReads, kvWrites, objectRequests, rowsRead, rowsWritten };
}

/** The counted part of what the page has a column for. */
function columns({ r2Reads, kvReads, kvWrites, objectRequests, rowsRead, rowsWritten }: Operations) {
  return { r2Reads, kvReads, kvWrites, objectRequests, rowsRead, rowsWritten };
}

const words = (
  "the weather of mountains is rain on horses and bread that people bake in old towns near rivers " +
  "with boats for fish while winter comes over hills and nobody asks why"
).split(" ");

/** 90 words, some 470 characters, the same each time. */
function text(seed: number): string {
  let state = seed * 7919 + 1;
  return Array.from({ length: 90 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return words[state % words.length];
  }).join(" ");
}

const documentsAt = (start: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: `document-${start + i}`, text: text(start + i) }));

beforeAll(installCounters);
beforeEach(resetCounts);

describe("embedding", () => {
  test("reads pointer and file once for each isolate, and nothing after that", async () => {
    await reset();
    await putModel("tiny", tinyModel());
    const { app } = new Client();
    resetCounts();
    await embed(app, { input: "hello" });
    expect(columns(countedOperations())).toEqual(statedOperations("embedding, the first of an isolate"));
    resetCounts();
    await embed(app, { input: ["hello", "world"] });
    expect(columns(countedOperations())).toEqual(statedOperations("embedding, after that"));
  });
});

describe("a collection of 10,000 documents", () => {
  const batches = 10;
  let writing: Operations;
  let publishing: Operations;
  const writer = new Client();
  /** One, unless the machine is so slow that the load is published before its end. */
  const publications = () => publishing.alarms;

  beforeAll(async () => {
    await reset();
    await putModel("tiny", tinyModel());
    await writer.create("docs", { model: "nano" });
    const stub = bindings.COLLECTION.get(bindings.COLLECTION.idFromName("docs"));
    await runInDurableObject(stub, (instance: CollectionObject, { storage }) =>
      countObject(instance, storage),
    );
    resetCounts();
    for (let batch = 0; batch < batches; batch++) await writer.write("docs", documentsAt(batch * 1000, 1000));
    writing = countedOperations();
    await published("docs");
    publishing = countedOperations();
  }, 120_000);

  test("is written by three calls and some eight rows a document", () => {
    const stated = statedOperations("writing 10,000 documents, 1,000 in a request");
    expect(writing.objectRequests).toBe(stated.objectRequests);
    // How often it is published meanwhile depends on the machine; each time costs rows.
    for (const rows of ["rowsRead", "rowsWritten"] as const) {
      expect(publishing[rows]).toBeGreaterThan(stated[rows]! * 0.95);
      expect(publishing[rows]).toBeLessThan(stated[rows]! * 1.05 * publications());
    }
    expect(publishing.r2Reads).toBe(0);
  });

  test("is published by few writes to KV", () => {
    const stated = statedOperations("writing 10,000 documents, 1,000 in a request");
    if (publications() === 1) expect(publishing.kvWrites).toBe(stated.kvWrites);
    else expect(publishing.kvWrites).toBeLessThanOrEqual(stated.kvWrites! * publications());
    expect(publishing.kvDeletes).toBe(0);
  });

  test.each([
    ["search, the first of an isolate", "eventual", true],
    ["search, after that", "eventual", false],
    ["search with strong consistency, after that", "strong", false],
  ])("%s", async (label, consistency, cold) => {
    const reader = new Client();
    const search = (query: string) => reader.search("docs", { query, consistency });
    if (!cold) await search("old towns near rivers");
    resetCounts();
    await search("bread that people bake");
    const counted = columns(countedOperations());
    const stated = statedOperations(label);
    expect(counted).toEqual({
      ...stated,
      // Of the parts that hold the results' documents, some are in the cache.
      kvReads: expect.toSatisfy((reads: number) => reads > 0 && reads <= stated.kvReads! * publications()),
      rowsRead: expect.toSatisfy((rows: number) => rows <= stated.rowsRead!),
    });
  });

  test("takes few rows for one document more, and one publication", async () => {
    resetCounts();
    await writer.write("docs", documentsAt(20_000, 1));
    const { objectRequests } = countedOperations();
    await published("docs");
    const { kvWrites, rowsWritten } = countedOperations();
    const stated = statedOperations("writing one document");
    expect(objectRequests).toBe(stated.objectRequests);
    expect(kvWrites).toBeLessThanOrEqual(stated.kvWrites!);
    expect(rowsWritten).toBeLessThanOrEqual(stated.rowsWritten!);
  });
});

describe("the prices of docs/costs.md", () => {
  /** Dollars for one, from the page's own table of prices for a million. */
  const price = (label: string) => Number(/\$([\d.]+)/.exec(rowOf(label)[0]!)![1]) / 1e6;

  test.each([
    ["embedding, after that", "a million requests of one text"],
    ["embedding, after that", "a million texts, 256 in a request"],
    ["search, after that", "a million searches"],
    ["search with strong consistency, after that", "a million searches with strong consistency"],
    ["writing 10,000 documents, 1,000 in a request", "a million documents written"],
  ])("follow from the counts of %s: %s", (operations, bill) => {
    const [requests, cpuMilliseconds, cost] = rowOf(bill);
    const { kvReads, kvWrites, objectRequests, rowsWritten, rowsRead } = statedOperations(operations);
    // The counts are of one request, or of the ten that write 10,000 documents.
    const times = operations.startsWith("writing") ? 100 : numberOf(requests);
    const dollars =
      numberOf(requests) * price("Worker requests") +
      numberOf(cpuMilliseconds) * price("CPU milliseconds") +
      times *
        (kvReads! * price("KV reads") +
          kvWrites! * price("KV writes") +
          objectRequests! * price("Durable Object requests") +
          rowsRead! * price("Durable Object rows read") +
          rowsWritten! * price("Durable Object rows written"));
    expect(cost).toBe(`$${dollars.toFixed(2)}`);
  });
});
