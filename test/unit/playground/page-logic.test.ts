/** What the playground computes, apart from the page it is shown in. */
import { expect, test } from "vitest";
import { curlCode } from "../../../worker/playground/page/code/curl-code.ts";
import { literal, pythonDialect, typescriptDialect } from "../../../worker/playground/page/code/literal.ts";
import { colourPoints } from "../../../worker/playground/page/views/map/point-colours.ts";
import { readPoints } from "../../../worker/playground/page/views/map/read-points.ts";
import { filterOf } from "../../../worker/playground/page/views/search/filter-rows.ts";
import { readNewDocuments } from "../../../worker/playground/page/views/search/new-documents.ts";
import { sampleDocuments } from "../../../worker/playground/page/views/search/sample-collection.ts";
import { scoreParts } from "../../../worker/playground/page/views/search/score-parts.ts";
import { readMetrics, totalOf } from "../../../worker/playground/page/views/statistics/read-metrics.ts";
import { weightedTokens } from "../../../worker/playground/page/views/tokens/weighted-tokens.ts";

test("literals are written as each language has them", () => {
  const value = { ok: true, none: null, "a-b": ["x", 1], left: undefined };
  expect(literal(value, typescriptDialect)).toBe('{ ok: true, none: null, "a-b": ["x", 1] }');
  expect(literal(value, pythonDialect)).toBe('{"ok": True, "none": None, "a-b": ["x", 1]}');
  const long = { input: ["a".repeat(50), "b".repeat(50)] };
  expect(literal(long, typescriptDialect)).toBe(
    `{\n  input: [\n    "${"a".repeat(50)}",\n    "${"b".repeat(50)}",\n  ],\n}`,
  );
});

test("curl lines survive quotes", () => {
  const code = curlCode({ path: "/v1/x", body: { input: "it's" } }, { base: "http://h:1", keyed: true });
  expect(code).toContain(`-d '{"input":"it'\\''s"}'`);
  expect(code).toContain('-H "authorization: Bearer $NEARVEC_KEY"');
});

test("tokens without a row are unknown, also where one id comes twice", () => {
  const tokens = [5, 1, 5, 7].map((id) => ({ id, text: id === 7 ? "##s" : `t${id}` }));
  const vectors = [Float32Array.of(3, 4), Float32Array.of(3, 4), Float32Array.of(0, 1)];
  const weighted = weightedTokens(tokens, { ids: [5, 5, 7], vectors });
  expect(weighted.map(({ weight }) => weight)).toEqual([5, null, 5, 1]);
  expect(weighted.map(({ joined }) => joined)).toEqual([false, false, false, true]);
  // The sum is (6, 9).
  expect(weighted[3]!.agreement).toBeCloseTo(9 / Math.hypot(6, 9), 6);
});

test("filters have the types of their fields, and both conditions where one is asked twice", () => {
  const fields = { year: "number", topic: "string", draft: "boolean", tags: "string[]" } as const;
  const row = (field: string, operator: string, value = "") => ({ field, operator, value });
  expect(filterOf([row("year", "$gte", "2020"), row("year", "$lte", "2024")], fields)).toEqual({
    year: { $gte: 2020, $lte: 2024 },
  });
  expect(filterOf([row("topic", "$ne", "a"), row("topic", "$ne", "b")], fields)).toEqual({
    $and: [{ topic: { $ne: "a" } }, { topic: { $ne: "b" } }],
  });
  expect(
    filterOf([row("tags", "$in", "a, b,"), row("draft", "$eq", "false"), row("topic", "missing")], fields),
  ).toEqual({
    tags: { $in: ["a", "b"] },
    draft: { $eq: false },
    topic: { $exists: false },
  });
  // Not complete, or of a field that is gone.
  expect(
    filterOf([row("year", "$eq", "soon"), row("topic", "$eq", " "), row("gone", "$eq", "a")], fields),
  ).toBeUndefined();
});

test("the parts of a score add up to it", () => {
  const explain = (vector: number, keyword: number) => ({
    vector: { score: 0.5, normalized: vector, rank: 2 },
    keyword: { score: 3, normalized: keyword, rank: null, terms: [] },
  });
  const result = { score: 0.25 * 0.8 + 0.75 * 0.4, explain: explain(0.8, 0.4) };
  const { vector, keyword } = scoreParts(result, result, { type: "weighted", weight: 0.25 });
  expect(vector + keyword).toBeCloseTo(result.score, 9);
  const byRank = { score: 1 / 62, explain: explain(0.8, 0) };
  expect(scoreParts(byRank, { score: 2 / 61 }, { type: "reciprocal_rank", k: 60 })).toEqual({
    vector: 1 / 62 / (2 / 61),
    keyword: 0,
  });
});

test("documents are read a line each, texts with the metadata that was typed", () => {
  const fields = { year: "number", tags: "string[]" } as const;
  const documents = readNewDocuments(
    'a text\n\n{"id": "b", "text": "t"}',
    { year: "2020", tags: "x, y" },
    fields,
    36,
  );
  expect(documents).toEqual([
    { id: "10-1", text: "a text", metadata: { year: 2020, tags: ["x", "y"] } },
    { id: "b", text: "t", metadata: { year: 2020, tags: ["x", "y"] } },
  ]);
  expect(() => readNewDocuments("a\n{oops", {}, fields, 1)).toThrow(/line 2/);
});

test("the sample has 64 notes, each with an id of its own", () => {
  expect(new Set(sampleDocuments.map(({ id }) => id)).size).toBe(64);
  expect(new Set(sampleDocuments.map(({ text }) => text)).size).toBe(64);
});

test("points are coloured by their values: eight at most, many numbers by range", () => {
  const documents = Array.from({ length: 20 }, (_, i) => ({
    id: String(i),
    text: "",
    metadata: {
      many: i,
      few: i % 2 === 0,
      names: `n${i < 18 ? i % 9 : 0}`,
      ...(i === 0 ? {} : { some: "x" }),
    },
  }));
  expect(colourPoints(documents, "").legend).toEqual([]);
  expect(colourPoints(documents, "few").legend).toEqual([
    { label: "false", colour: 0, count: 10 },
    { label: "true", colour: 1, count: 10 },
  ]);
  expect(colourPoints(documents, "names").legend.map(({ count }) => count)).toEqual([
    4, 2, 2, 2, 2, 2, 2, 2, 2,
  ]);
  expect(colourPoints(documents, "names").legend.at(-1)!.label).toBe("others");
  expect(colourPoints(documents, "many").legend.map(({ label, count }) => `${label}: ${count}`)).toEqual([
    "0 to below 5: 5",
    "5 to below 10: 5",
    "10 to below 15: 5",
    "15 to 19: 5",
  ]);
  expect(colourPoints(documents, "some").colour[0]).toBe(-1);
});

test("an export is read line by line, wherever the stream is cut", async () => {
  const lines = [0, 1, 2].map(
    (i) => `${JSON.stringify({ id: `é${i}`, text: "t", metadata: {}, vector: [i, 1] })}\n`,
  );
  const bytes = new TextEncoder().encode(`${lines.join("")}{"id": "none", "text": "", "metadata": {}}`);
  for (const size of [1, 7, 1000]) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const points = await readPoints(stream, 2, () => {});
    expect(points.documents.map(({ id }) => id)).toEqual(["é0", "é1", "é2"]);
    expect([...points.vectors]).toEqual([0, 1, 1, 1, 2, 1]);
    expect(points.cut).toBe(false);
  }
});

test("metrics are read with their labels", () => {
  const samples = readMetrics(
    '# HELP a b.\nte_request_failure{err="not_found"} 2\nte_request_failure{err="x"} 3\nte_request_count 7.5\n',
  );
  expect(samples[0]).toEqual({ name: "te_request_failure", labels: { err: "not_found" }, value: 2 });
  expect([
    totalOf(samples, "te_request_failure"),
    totalOf(samples, "te_request_count"),
    totalOf(samples, "none"),
  ]).toEqual([5, 7.5, 0]);
});
