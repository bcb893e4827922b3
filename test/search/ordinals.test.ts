import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NearvecError } from "../../shared/errors.ts";
import { decodeOrdinalBitmap, decodeOrdinals, encodeOrdinals } from "../../shared/search/segment/ordinals.ts";

const documents = 16_384;
const anyOrdinals = fc.oneof(
  fc.uniqueArray(fc.nat(documents - 1), { maxLength: 50 }),
  fc
    .tuple(fc.nat(3000), fc.integer({ min: 1, max: 5 }))
    .map(([count, step]) => Array.from({ length: count }, (_, i) => i * step)),
);

describe("ordinals", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(anyOrdinals, (ordinals) => {
        const sorted = [...ordinals].sort((a, b) => a - b);
        const text = encodeOrdinals(sorted);
        expect([...decodeOrdinals(text, documents)]).toEqual(sorted);
        const bits = decodeOrdinalBitmap(text, documents);
        expect(sorted.every((i) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1)).toBe(true);
      }),
    );
  });

  it("take no more than the shorter of a byte each and a bit for each document", () => {
    expect(encodeOrdinals([])).toBe("");
    expect(encodeOrdinals([7])).toHaveLength(4);
    const every = Array.from({ length: documents }, (_, i) => i);
    expect(encodeOrdinals(every).length).toBeLessThanOrEqual(Math.ceil((1 + documents / 8) / 3) * 4);
    const hundredth = every.filter((i) => i % 100 === 0);
    expect(encodeOrdinals(hundredth).length).toBeLessThanOrEqual(Math.ceil((1 + hundredth.length) / 3) * 4);
  });

  it("are refused out of order", () => {
    expect(() => encodeOrdinals([2, 1])).toThrow(/ascending/);
    expect(() => encodeOrdinals([1, 1])).toThrow(/ascending/);
  });

  it.each([
    ["no base64", "a?==", 10],
    ["another kind", btoa("\x02\x00"), 10],
    ["a cut number", btoa("\x00\x80"), 10],
    ["a document too many", encodeOrdinals([3, 10]), 10],
    ["a bit too many", encodeOrdinals(Array.from({ length: 11 }, (_, i) => i)), 10],
  ])("are refused with %s", (_, text, count) => {
    expect(() => decodeOrdinals(text, count)).toThrow(NearvecError);
  });

  it("say what is wrong with anything else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), fc.nat(100), (text, count) => {
        try {
          for (const ordinal of decodeOrdinals(text, count)) expect(ordinal).toBeLessThan(count);
        } catch (error) {
          expect(NearvecError.isInstance(error) && error.code).toBe("artifact_corrupt");
        }
      }),
    );
  });
});
