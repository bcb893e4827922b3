import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bestWindowTokens } from "../../shared/limits.ts";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import { type EncodingSettings, encodeDocument, encodeQuery } from "../../shared/search/encode-document.ts";
import { dequantizeRow, quantizeRow } from "../../shared/search/segment/int8-row.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { tinyModel } from "../support/tiny-model.ts";

const dimensions = 8;
const settings: EncodingSettings = { dimensions, chunking: null, bestWindow: false };
let model: StaticModel;

beforeAll(async () => {
  // Its own maxLength of 4 tokens is not to be heeded.
  model = await StaticModel.load(tinyModel({ maxLength: 4, normalize: false }));
});

const dot = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, i) => sum + value * right[i]!, 0);
/** That a row is a vector, but for the rounding to int8. */
function expectRow({ values, scales }: EncodedDocument, row: number, vector: Float32Array): void {
  dequantizeRow(values, scales, row, vector.length).forEach((value, i) => {
    expect(Math.abs(value - vector[i]!)).toBeLessThanOrEqual(scales[row]! * 0.501);
  });
}
const source = (text: string) => ({ id: "1", text, metadata: { a: 1 } });

describe("a row", () => {
  it("is its vector within half a step, and takes all of its range", () => {
    const element = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1 });
    fc.assert(
      fc.property(fc.array(element, { minLength: 4, maxLength: 4 }), (vector) => {
        const values = new Int8Array(8);
        const scales = new Float32Array(2);
        quantizeRow(vector, values, scales, 1);
        expect([...values.subarray(0, 4), scales[0]]).toEqual([0, 0, 0, 0, 0]);
        const most = Math.max(...vector.map(Math.abs));
        if (most > 1e-30) {
          expect(Math.max(...values.map(Math.abs))).toBe(127);
          dequantizeRow(values, scales, 1, 4).forEach((value, i) => {
            expect(Math.abs(value - vector[i]!)).toBeLessThanOrEqual((most / 127) * 0.5001);
          });
        }
      }),
    );
  });
});

describe("a document", () => {
  it("is the unit vector of all its tokens", () => {
    const text = "a horse in the rain running unaffected horses ".repeat(3);
    const encoded = encodeDocument(model, source(text), settings);
    expect(encoded).toMatchObject({ ...source(text), entries: [{ from: 0, to: text.length, rows: 1 }] });
    const query = encodeQuery(model, text, dimensions);
    expect(dot(query, query)).toBeCloseTo(1, 5);
    expectRow(encoded, 0, query);
    const expected = model.encode(text, { maxLength: null, normalize: true });
    expect([...query]).toEqual([...expected]);
    expect(dot(expected, model.encode(text, { normalize: true }))).toBeLessThan(0.999);
  });

  it("has a row for each window, even in length, if there is more than one", () => {
    const words = ["a", "horse", "in", "the", "rain"];
    const windowed = { ...settings, bestWindow: true };
    const textOf = (tokens: number): string =>
      Array.from({ length: tokens }, (_, i) => words[(i * i) % 5]).join(" ");
    const rowsOf = (tokens: number): number =>
      encodeDocument(model, source(textOf(tokens)), windowed).scales.length;
    expect([0, 1, bestWindowTokens, bestWindowTokens + 1, 64, 65].map(rowsOf)).toEqual([1, 1, 1, 3, 3, 4]);

    const encoded = encodeDocument(model, source(textOf(65)), windowed);
    expect(encoded.entries).toEqual([{ from: 0, to: textOf(65).length, rows: 4 }]);
    const ids = model.tokenize(textOf(65));
    [ids, ids.subarray(0, 21), ids.subarray(21, 43), ids.subarray(43)].forEach((tokens, row) => {
      const expected = new Float32Array(dimensions);
      model.encodeInto(tokens, expected, 0, { maxLength: null, normalize: true });
      expectRow(encoded, row, expected);
    });
  });

  it("has an entry for each chunk", () => {
    const text = "A horse in the rain. The rain! A horse, running.";
    const chunking = { by: "sentences", maxCharacters: 22, overlapCharacters: 0 } as const;
    const encoded = encodeDocument(model, source(text), { ...settings, chunking });
    expect(encoded.entries.map(({ from, to }) => text.slice(from, to))).toEqual([
      "A horse in the rain. ",
      "The rain! ",
      "A horse, running.",
    ]);
    encoded.entries.forEach(({ from, to }, i) => {
      expectRow(encoded, i, encodeQuery(model, text.slice(from, to), dimensions));
    });
  });

  it("is zeros if it says nothing, and truncated to the collection's dimensions", () => {
    for (const text of ["", "zzz qqq"]) {
      const { values, scales } = encodeDocument(model, source(text), { ...settings, bestWindow: true });
      expect([...values, ...scales]).toEqual(Array(dimensions + 1).fill(0));
    }
    const short = encodeDocument(model, source("a horse"), { ...settings, dimensions: 4 });
    expectRow(short, 0, model.encode("a horse", { dimensions: 4, normalize: true }));
  });
});

describe("a vector of the client's", () => {
  const vector = [1, 2, 3, 4, 0, -4, 0.5, 0];
  const chunking = { by: "size", maxCharacters: 2, overlapCharacters: 0 } as const;

  it("is the one row of the one entry, divided by its length", () => {
    for (const factor of [1, 1e-200, 1e200]) {
      const document = { ...source("any text"), vector: vector.map((value) => value * factor) };
      const encoded = encodeDocument(model, document, { ...settings, chunking, bestWindow: true });
      expect(encoded.entries).toEqual([{ from: 0, to: 8, rows: 1 }]);
      expect(encoded).not.toHaveProperty("vector");
      const row = dequantizeRow(encoded.values, encoded.scales, 0, dimensions);
      expect(dot(row, row)).toBeCloseTo(1, 2);
      expect(row[3]! / row[5]!).toBeCloseTo(-1, 5);
      expect(
        [...encodeQuery(model, document.vector, dimensions)].every((value, i) => {
          return Math.abs(value - row[i]!) < 0.005;
        }),
      ).toBe(true);
    }
    expect([...encodeQuery(model, Array(8).fill(0), dimensions)]).toEqual(Array(8).fill(0));
  });

  it.each([
    [
      "of another size",
      vector.slice(1),
      "documents[3].vector",
      /Expected 8 numbers at documents\[3\]\.vector.*got 7/,
    ],
    ["with NaN", vector.with(2, Number.NaN), "documents[3].vector[2]", /finite number.*NaN/],
    ["with infinity", vector.with(0, -1 / 0), "documents[3].vector[0]", /finite number/],
  ])("is refused %s", (_, wrong, param, message) => {
    const encode = (): unknown =>
      encodeDocument(model, { ...source(""), vector: wrong }, settings, "documents[3]");
    expect(encode).toThrow(message);
    expect(encode).toThrow(expect.objectContaining({ code: "invalid_request", param }));
    expect(() => encodeQuery(model, wrong, dimensions)).toThrow(/at vector/);
  });
});
