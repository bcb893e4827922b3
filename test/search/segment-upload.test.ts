/** What a segment is sent as: it comes back whole, and a damaged one is refused before anything is stored. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PartReference, SegmentReference } from "../../shared/search/collection/manifest.ts";
import { partsOf } from "../../shared/search/collection/segment-parts.ts";
import {
  decodeSegmentUpload,
  encodeSegmentUpload,
  type SegmentUpload,
} from "../../shared/search/collection/segment-upload.ts";

function partReference(number: number, bytes: number): PartReference {
  return {
    sha256: number.toString(16).padStart(64, "0"),
    bytes,
    checksum: number.toString(16).padStart(16, "0"),
    count: 1,
  };
}

/** An upload of parts of the given sizes: index, codes, then rows and documents by turns. */
function uploadOf(sizes: readonly number[]): SegmentUpload {
  const references = sizes.map((size, i) => partReference(i + 1, size));
  const [index, codes, ...rest] = references;
  const segment: SegmentReference = {
    ...{ id: index!.sha256, documents: 1, entries: 1, rows: 1, words: 3, deleted: "" },
    parts: {
      index: index!,
      codes: codes ?? null,
      rows: rest.filter((_, i) => i % 2 === 0),
      documents: rest.filter((_, i) => i % 2 === 1),
    },
  };
  const parts = new Map(
    references.map(({ sha256, bytes }, i) => [sha256, new Uint8Array(bytes).fill(i + 1)] as const),
  );
  return { segment, documents: [{ id: "größe/1", contentHash: "abc" }], parts };
}

const sizes = fc.array(fc.nat(300), { minLength: 1, maxLength: 7 });

describe("a segment's upload", () => {
  test("comes back as it was sent, its parts aligned for views of any element", () => {
    fc.assert(
      fc.property(sizes, (lengths) => {
        const upload = uploadOf(lengths);
        const decoded = decodeSegmentUpload(encodeSegmentUpload(upload));
        expect(decoded.segment).toEqual(upload.segment);
        expect(decoded.documents).toEqual(upload.documents);
        for (const { sha256 } of partsOf(upload.segment)) {
          expect(decoded.parts.get(sha256)).toEqual(upload.parts.get(sha256));
          expect(decoded.parts.get(sha256)!.byteOffset % 64).toBe(0);
        }
      }),
    );
  });

  test("is refused when it is cut short or goes on too long", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), (lengths, at) => {
        const bytes = encodeSegmentUpload(uploadOf(lengths));
        const longer = new Uint8Array(bytes.length + 1);
        longer.set(bytes);
        for (const damaged of [bytes.subarray(0, at % bytes.length), longer]) {
          expect(() => decodeSegmentUpload(damaged)).toThrow(
            expect.objectContaining({ code: "invalid_request" }),
          );
        }
      }),
    );
  });

  // biome-ignore lint/suspicious/noExplicitAny: the header is damaged in ways that no type allows
  test.each<[string, (header: { segment: any; documents: any }) => void]>([
    ["no segment", (header) => delete header.segment],
    ["null for its parts", (header) => (header.segment.parts = null)],
    ["no index", (header) => delete header.segment.parts.index],
    ["a digest that is none", (header) => (header.segment.parts.index.sha256 = "../manifest")],
    ["a part of a negative size", (header) => (header.segment.parts.index.bytes = -1)],
    ["a part larger than KV takes", (header) => (header.segment.parts.index.bytes = 2 ** 40)],
    ["documents that are no list", (header) => (header.documents = {})],
    ["a document without an id", (header) => (header.documents = [{ contentHash: "abc" }])],
  ])("is refused with %s in its header", (_, damage) => {
    const { segment, documents } = structuredClone(uploadOf([10, 20]));
    const header = { segment, documents };
    damage(header);
    const json = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(4 + json.length);
    new DataView(bytes.buffer).setUint32(0, json.length, true);
    bytes.set(json, 4);
    expect(() => decodeSegmentUpload(bytes)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
