import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NearvecError } from "../../shared/errors.ts";
import { checksumOf } from "../../shared/kernel/checksum.ts";
import { maxDocumentsPerSegment, maxKvValueBytes } from "../../shared/limits.ts";
import type { FieldType } from "../../shared/search/collection/collection-settings.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { readDocumentsPart } from "../../shared/search/segment/documents-part.ts";
import { readIndexPart } from "../../shared/search/segment/index-part-reader.ts";
import { maxRowsPartBytes, readRowsPart } from "../../shared/search/segment/rows-part.ts";
import { type WrittenSegment, writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { stringAt } from "../../shared/search/segment/string-table.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";
import { makeDocument } from "./segment-documents.ts";

const noFields = { dimensions: 4, fields: {} };

function indexOf({ reference, parts }: WrittenSegment) {
  return readIndexPart(parts.get(reference.parts.index.sha256)!);
}

/** Id as a client may choose it: well-formed and not empty. */
const anyId = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
const anyText = fc.oneof(
  fc.lorem({ maxCount: 12 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", "horse horse horse rides", "東京タワー", "𝒳 \u{10ffff}\ud800"),
);
const anyDocument = fc
  .tuple(anyId, anyText, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }))
  .map(([id, text, entryRows]) => makeDocument(id, text, { entryRows }));
const anyDocuments = fc.uniqueArray(anyDocument, { selector: ({ id }) => id, minLength: 1, maxLength: 12 });

describe("a segment", () => {
  it("gives back every document, row, entry and posting", async () => {
    await fc.assert(
      fc.asyncProperty(anyDocuments, async (documents) => {
        const segment = await writeSegment(documents, noFields);
        const { reference, parts } = segment;
        const index = indexOf(segment);
        index.verify();
        const inOrder = [...documents].sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
        expect(index.documents).toBe(documents.length);
        expect(inOrder.map((_, i) => index.idOf(i))).toEqual(inOrder.map(({ id }) => id));
        expect(inOrder.map(({ id }) => index.findDocument(id))).toEqual(inOrder.map((_, i) => i));
        expect(index.findDocument(`${inOrder[0]!.id} and more`)).toBe(-1);

        const [rows] = reference.parts.rows.map(({ sha256 }) => readRowsPart(parts.get(sha256)!));
        expect([...rows!.values]).toEqual(inOrder.flatMap(({ values }) => [...values]));
        expect([...rows!.scales]).toEqual(inOrder.flatMap(({ scales }) => [...scales]));

        const entryTexts: string[] = [];
        inOrder.forEach((document, i) => {
          const part = parts.get(reference.parts.documents[0]!.sha256)!;
          const { id, text, metadata } = document;
          expect(readDocumentsPart(part, i)).toEqual({ id, text, metadata });
          document.entries.forEach((entry, e) => {
            const number = index.documentEntries[i]! + e;
            expect(index.documentOf(number)).toBe(i);
            expect([...index.entryRanges.subarray(number * 2, number * 2 + 2)]).toEqual([
              entry.from,
              entry.to,
            ]);
            expect(index.entryRows[number + 1]! - index.entryRows[number]!).toBe(entry.rows);
            entryTexts.push(text.slice(entry.from, entry.to));
          });
        });

        const counts = new Map<string, [entry: number, frequency: number][]>();
        entryTexts.forEach((text, entry) => {
          const words = wordsOf(text);
          expect(index.entryWords[entry]).toBe(words.length);
          for (const word of new Set(words)) {
            const postings = counts.get(word) ?? [];
            postings.push([entry, words.filter((other) => other === word).length]);
            counts.set(word, postings);
          }
        });
        expect(index.terms).toBe(counts.size);
        for (const [word, postings] of counts) {
          const { entries, frequencies } = index.postingsOf(index.findTerm(word));
          expect([...entries].map((entry, i) => [entry, frequencies[i]])).toEqual(postings);
        }
        expect(index.findTerm("no such term")).toBe(-1);
        expect(reference).toMatchObject({
          id: reference.parts.index.sha256,
          documents: documents.length,
          entries: entryTexts.length,
          rows: rows!.count,
          words: entryTexts.reduce((sum, text) => sum + wordsOf(text).length, 0),
          deleted: "",
        });
      }),
      { numRuns: 100 },
    );
  });

  it("has the same bytes whatever order the documents come in", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDocuments.chain((documents) =>
          fc.tuple(
            fc.constant(documents),
            fc.shuffledSubarray(documents, { minLength: documents.length, maxLength: documents.length }),
          ),
        ),
        async ([documents, shuffled]) => {
          expect(await writeSegment(shuffled, noFields)).toEqual(await writeSegment(documents, noFields));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("names its parts by their digests", async () => {
    const { reference, parts } = await writeSegment([makeDocument("a", "text")], noFields);
    const { index, rows, codes, documents } = reference.parts;
    expect(codes).toBeNull();
    expect(parts.size).toBe(3);
    for (const part of [index, ...rows, ...documents]) {
      const bytes = parts.get(part.sha256)!;
      const digest = await crypto.subtle.digest("SHA-256", bytes.slice());
      expect(part.sha256).toBe(Buffer.from(digest).toString("hex"));
      expect(part).toMatchObject({ bytes: bytes.length, checksum: checksumOf(bytes), count: 1 });
    }
  });

  it("takes a part of codes from whoever makes them", async () => {
    const seen: string[] = [];
    const { reference, parts } = await writeSegment(
      [makeDocument("b", ""), makeDocument("a", "")],
      noFields,
      {
        writeCodes: (documents) => {
          seen.push(...documents.map(({ id }) => id));
          return Uint8Array.of(1, 2, 3);
        },
      },
    );
    expect(seen).toEqual(["a", "b"]);
    expect(reference.parts.codes).toMatchObject({ bytes: 3, count: 2 });
    expect(parts.get(reference.parts.codes!.sha256)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("keeps the declared fields in columns", async () => {
    const fields: Record<string, FieldType> = {
      year: "number",
      lang: "string",
      tags: "string[]",
      open: "boolean",
    };
    const metadata = [
      { year: 1999.5, lang: "en", tags: ["b", "a", "b"], open: true },
      { year: "1999", lang: 3, tags: ["a", 1], open: null },
      { year: -1, lang: "de", tags: [], open: false },
    ];
    const documents = metadata.map((value, i) => makeDocument(`${i}`, "", { metadata: value }));
    const index = indexOf(await writeSegment(documents, { dimensions: 4, fields }));
    expect(index.fields.map(([name]) => name)).toEqual(["lang", "open", "tags", "year"]);
    expect(index.declared).toEqual(fields);
    const column = (name: string) => {
      const { present, ...rest } = index.columns.get(name)!;
      expect([...present]).toEqual([0b101]);
      return rest;
    };
    expect(column("year")).toEqual({ type: "number", numbers: Float64Array.of(1999.5, 0, -1) });
    expect(column("open")).toEqual({ type: "boolean", truths: Uint8Array.of(0b001) });
    const lang = index.columns.get("lang")!;
    const tags = index.columns.get("tags")!;
    if (lang.type !== "string" || tags.type !== "string[]") throw new Error("other types");
    expect([...lang.codes]).toEqual([1, 0, 0]);
    expect([0, 1].map((i) => stringAt(lang.values, i))).toEqual(["de", "en"]);
    expect([...tags.codeOffsets]).toEqual([0, 2, 2, 2]);
    expect([...tags.codes]).toEqual([0, 1]);
  });

  it("cuts rows into parts of at most 4 MiB that follow one another, whole documents or not", async () => {
    const dimensions = 1024;
    const documents = Array.from({ length: 6 }, (_, i) =>
      makeDocument(`${i}`, "", { dimensions, entryRows: [900, 501] }),
    );
    const { reference, parts } = await writeSegment(documents, { dimensions, fields: {} });
    const rows = reference.parts.rows.map(({ sha256 }) => readRowsPart(parts.get(sha256)!));
    expect(rows.length).toBe(3);
    let next = 0;
    for (const part of rows) {
      expect(part.part.bytes.length).toBeLessThanOrEqual(maxRowsPartBytes);
      expect(part.first).toBe(next);
      next += part.count;
    }
    expect(next).toBe(reference.rows);
    const joined = (arrays: readonly Int8Array[]): Buffer =>
      Buffer.concat(
        arrays.map(({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length)),
      );
    expect(
      joined(rows.map(({ values }) => values)).equals(joined(documents.map(({ values }) => values))),
    ).toBe(true);
  });

  it("costs a publish of 10,000 documents of 1.5 KB with windows fewer than 20 writes", async () => {
    const word = (i: number): string => `w${((i * 2654435761) >>> 0) % 50_000}`;
    const documents = Array.from({ length: 10_000 }, (_, i) => {
      const text = Array.from({ length: 240 }, (_, j) => word(i * 240 + j))
        .join(" ")
        .slice(0, 1500);
      return makeDocument(`document-${i}`, text, { dimensions: 256, entryRows: [11] });
    });
    const { reference, parts } = await writeSegment(documents, { dimensions: 256, fields: {} });
    expect(reference.parts.documents.length).toBeLessThanOrEqual(14);
    // The manifest is one write more, and a part of codes would be another.
    expect(parts.size + 2).toBeLessThan(20);
    for (const bytes of parts.values()) expect(bytes.length).toBeLessThanOrEqual(maxKvValueBytes);
    let ordinal = 0;
    for (const { sha256, count } of reference.parts.documents) {
      const last = readDocumentsPart(parts.get(sha256)!, ordinal + count - 1);
      expect(last.id).toBe(indexOf({ reference, parts }).idOf(ordinal + count - 1));
      ordinal += count;
    }
    expect(ordinal).toBe(10_000);
  });

  it.each([
    ["none", [], /Expected documents/],
    ["an id twice", [makeDocument("a", ""), makeDocument("b", ""), makeDocument("a", "x")], /"a" twice/],
    ["an id of half a character", [makeDocument("\ud800", "")], /Unicode/],
    ["too many", Array(maxDocumentsPerSegment + 1).fill(makeDocument("a", "")), /at most 16384 documents/],
    [
      "rows of another size",
      [makeDocument("a", "", { dimensions: 5 })],
      /1 rows of 4 dimensions of document "a"/,
    ],
    ["no entry", [{ ...makeDocument("a", ""), entries: [] }], /an entry/],
    [
      "an entry outside",
      [{ ...makeDocument("a", "b"), entries: [{ from: 0, to: 2, rows: 1 }] }],
      /within its text/,
    ],
    ["NaN", [{ ...makeDocument("a", ""), scales: Float32Array.of(Number.NaN) }], /finite scales/],
  ])("refuses %s", async (_, documents, message) => {
    await expect(writeSegment(documents, noFields)).rejects.toThrow(message);
    await expect(writeSegment(documents, noFields)).rejects.toBeInstanceOf(NearvecError);
  });

  it("refuses a part that no KV value can hold", async () => {
    const writeCodes = (): Uint8Array => new Uint8Array(maxKvValueBytes + 1);
    await expect(writeSegment([makeDocument("a", "")], noFields, { writeCodes })).rejects.toMatchObject({
      code: "payload_too_large",
    });
  });
});

describe("the order of ids", () => {
  it("is that of their UTF-8 bytes", () => {
    const string = fc.string({ unit: "binary", maxLength: 6 });
    fc.assert(
      fc.property(string, string, (left, right) => {
        const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
        expect(Math.sign(compareCodePoints(left, right))).toBe(bytes);
      }),
    );
    expect(["\u{1f40e}", "\ufffd", "z"].sort(compareCodePoints)).toEqual(["z", "\ufffd", "\u{1f40e}"]);
  });
});
