import fc from "fast-check";
import { expect, it } from "vitest";
import { VarintReader, varintBytes, writeVarint } from "../../shared/search/segment/varint.ts";

it("varints of 32 bits come back, in the bytes that they were said to take", () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.constantFrom(0, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, 0xffff_ffff),
  );
  fc.assert(
    fc.property(fc.array(number), (numbers) => {
      const bytes = new Uint8Array(numbers.reduce((sum, value) => sum + varintBytes(value), 0));
      const end = numbers.reduce((at, value) => writeVarint(bytes, at, value), 0);
      expect(end).toBe(bytes.length);
      const reader = new VarintReader(bytes);
      expect(numbers.map(() => reader.next())).toEqual(numbers);
      expect(reader.done).toBe(true);
    }),
  );
});

it.each([
  ["nothing", []],
  ["a cut one", [0x80]],
  ["33 bits", [0xff, 0xff, 0xff, 0xff, 0x1f]],
  ["one without end", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
])("%s is no varint", (_, bytes) => {
  expect(new VarintReader(Uint8Array.from(bytes)).next()).toBe(-1);
});

it("a varint ends where its bytes do", () => {
  const bytes = Uint8Array.of(1, 0x80, 1);
  const reader = new VarintReader(bytes, 0, 2);
  expect([reader.next(), reader.next()]).toEqual([1, -1]);
});
