import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { NearvecError } from "../../shared/errors.ts";
import type { FieldType } from "../../shared/search/collection/collection-settings.ts";
import { documentAt, openDocumentsPart } from "../../shared/search/segment/documents-part.ts";
import { readIndexPart } from "../../shared/search/segment/index-part-reader.ts";
import { writePart } from "../../shared/search/segment/part-file.ts";
import { readRowsPart } from "../../shared/search/segment/rows-part.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { countStrings, stringAt } from "../../shared/search/segment/string-table.ts";
import { makeDocument } from "./segment-documents.ts";

const fields: Record<string, FieldType> = {
  year: "number",
  lang: "string",
  tags: "string[]",
  open: "boolean",
};

/** Reads everything of a part that can be read; what comes out must be in range. */
const readAll: Record<"index" | "rows" | "documents", (bytes: Uint8Array) => void> = {
  index: (bytes) => {
    const index = readIndexPart(bytes);
    expect(index.documentEntries.at(-1)).toBe(index.entries);
    expect(index.entryRows.at(-1)).toBe(index.rows);
    for (let document = 0; document < index.documents; document++) {
      const place = index.findDocument(index.idOf(document));
      expect(place).toBeLessThan(index.documents);
    }
    for (let entry = 0; entry < index.entries; entry++) {
      expect(index.documentOf(entry)).toBeLessThan(index.documents);
    }
    for (const column of index.columns.values()) {
      if (column.type === "string[]") expect(column.codeOffsets.at(-1)).toBe(column.codes.length);
      if (!("values" in column)) continue;
      const values = countStrings(column.values);
      for (const code of values === 0 ? [] : column.codes) stringAt(column.values, code);
    }
    for (let term = 0; term < index.terms; term++) {
      index.findTerm(index.termOf(term));
      const { entries, frequencies } = index.postingsOf(term);
      expect(entries.every((entry, i) => entry < index.entries && (i === 0 || entry > entries[i - 1]!))).toBe(
        true,
      );
      expect(frequencies.every((frequency) => frequency > 0)).toBe(true);
    }
    index.verify();
  },
  rows: (bytes) => {
    const { values, scales, count, dimensions } = readRowsPart(bytes);
    expect(values.length).toBe(count * dimensions);
    expect(scales.every((scale) => Number.isFinite(scale) && scale >= 0)).toBe(true);
  },
  documents: (bytes) => {
    const part = openDocumentsPart(bytes);
    for (let i = 0; i < part.count; i++) expect(typeof documentAt(part, part.first + i).text).toBe("string");
  },
};

type Kind = keyof typeof readAll;
const kinds = Object.keys(readAll) as Kind[];
const parts = {} as Record<Kind, Uint8Array>;

beforeAll(async () => {
  const texts = ["the horse rides a horse", "rain on Paris", "東京タワー", "", "horses and rain and rain"];
  const documents = texts.map((text, i) =>
    makeDocument(`id-${i}`, text, {
      entryRows: [1, 2],
      metadata: { year: 1990 + i, lang: i > 2 ? "en" : "ja", tags: ["a", `${i}`], open: i % 2 === 0 },
    }),
  );
  const { reference, parts: written } = await writeSegment(documents, { dimensions: 4, fields });
  parts.index = written.get(reference.parts.index.sha256)!;
  parts.rows = written.get(reference.parts.rows[0]!.sha256)!;
  parts.documents = written.get(reference.parts.documents[0]!.sha256)!;
});

/** The error that a reader refuses bytes with; null if it takes them. */
function refusal(kind: Kind, bytes: Uint8Array): NearvecError | null {
  try {
    readAll[kind](bytes);
    return null;
  } catch (error) {
    if (!NearvecError.isInstance(error)) throw error;
    expect(error.code).toMatch(/^artifact_(corrupt|invalid)$/);
    expect(error.message).toContain(`${kind} part`);
    return error;
  }
}

describe.each(kinds)("the %s part", (kind) => {
  it("is taken as it was written, wherever its bytes begin", () => {
    expect(refusal(kind, parts[kind])).toBeNull();
    for (const shift of [1, 4]) {
      const bytes = new Uint8Array(parts[kind].length + shift);
      bytes.set(parts[kind], shift);
      expect(refusal(kind, bytes.subarray(shift))).toBeNull();
    }
  });

  it("is refused if it is cut anywhere, or too long", () => {
    for (let length = 0; length < parts[kind].length; length++) {
      expect(refusal(kind, parts[kind].slice(0, length))).not.toBeNull();
    }
    expect(refusal(kind, Uint8Array.from([...parts[kind], 0]))).not.toBeNull();
  });

  it("is refused as another kind", () => {
    for (const other of kinds.filter((name) => name !== kind)) {
      expect(refusal(kind, parts[other])?.code).toBe("artifact_invalid");
    }
  });

  it("never leads out of its bytes, whichever of them are changed", () => {
    const change = fc.record({
      at: fc.nat(0xffff),
      bytes: fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 1 }),
        fc.constantFrom(
          [0xff, 0xff, 0xff, 0xff],
          [0, 0, 0, 0],
          [0xff, 0xff, 0xff, 0x7f],
          [0x80, 0x80, 0x80, 0x80],
          [1, 0, 0, 0],
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const damaged = parts[kind].slice();
        for (const { at, bytes } of changes) {
          const from = at % damaged.length;
          damaged.set(Array.from(bytes).slice(0, damaged.length - from), from);
        }
        refusal(kind, damaged);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("an index part of wrong numbers", () => {
  /** The part with one element of a tensor set to another value. */
  function tamper(name: string, element: number, value: number): Uint8Array {
    const bytes = parts.index.slice();
    const at = readIndexPart(bytes).part.byteOffset(name);
    new DataView(bytes.buffer).setUint32(at + element * 4, value, true);
    return bytes;
  }

  it.each([
    ["document_entries", 1, 0xffff_ffff],
    ["document_entries", 2, 0],
    ["document_entries", 5, 9],
    ["entry_rows", 3, 0xffff_ffff],
    ["entry_rows", 0, 1],
    ["entry_ranges", 0, 50],
    ["entry_words", 0, 7],
    ["id_offsets", 1, 0xffff_ffff],
    ["term_offsets", 1, 0xffff_ffff],
    ["term_entries", 0, 0],
    ["term_entries", 0, 0xffff_ffff],
    ["posting_offsets", 1, 0xffff_ffff],
    ["field.0.codes", 0, 2],
    ["field.2.codes", 0, 0xffff_ffff],
    ["field.2.code_offsets", 1, 0xffff_ffff],
    ["field.2.value_offsets", 1, 0xffff_ffff],
  ])("names tensor %s with element %i at %i", (name, element, value) => {
    expect(refusal("index", tamper(name, element, value))?.message).toContain(`tensor ${name}`);
  });

  it("is refused when ids are out of order, on verification", () => {
    const bytes = parts.index.slice();
    const index = readIndexPart(bytes);
    // "id-0" becomes "id-9".
    index.idTable.bytes[3] = 0x39;
    expect(() => readIndexPart(bytes)).not.toThrow();
    expect(() => index.verify()).toThrow(/ids in ascending order/);
  });
});

describe("a part of another writer's", () => {
  const documentsPart = (json: string): Uint8Array => {
    const bytes = new TextEncoder().encode(json);
    return writePart("documents", { first: "5" }, [
      { name: "offsets", type: "U32", data: Uint32Array.of(0, bytes.length) },
      { name: "bytes", type: "U8", data: bytes },
    ]);
  };

  it.each(["", "{", "[]", "null", '{"id":1,"text":"","metadata":{}}', '{"id":"","text":"","metadata":[]}'])(
    "is refused with %j as a document",
    (json) => {
      expect(() => documentAt(openDocumentsPart(documentsPart(json)), 5)).toThrow(/document 5/);
    },
  );

  it("is refused for a document that is not in it", () => {
    const part = openDocumentsPart(documentsPart('{"id":"a","text":"","metadata":{}}'));
    expect(documentAt(part, 5).id).toBe("a");
    for (const ordinal of [4, 6, 5.5, Number.NaN, -1])
      expect(() => documentAt(part, ordinal)).toThrow(NearvecError);
  });

  it("is refused with a scale that is no number", () => {
    const rows = writePart("rows", { first: "0", dimensions: "1" }, [
      { name: "scales", type: "F32", data: Float32Array.of(Number.NaN) },
      { name: "rows", type: "I8", data: Int8Array.of(1) },
    ]);
    expect(() => readRowsPart(rows)).toThrow(/tensor scales/);
  });
});
