/** Packed rows: every level comes back, at every dimension, and blocks have the size that the kernel reads. */
import { describe, expect, it } from "vitest";
import { bytesPerRow, int2Levels, packRows, unpackRows } from "../../shared/kernel/row-layout.ts";

describe("packing", () => {
  it.each([
    ["int4", 16, (i: number) => (i % 16) - 8, (level: number) => level],
    ["int2", 4, (i: number) => i % 4, (level: number) => int2Levels[level]!],
    ["int1", 2, (i: number) => i % 2, (level: number) => 1 - 2 * level],
  ] as const)("%s keeps what it is given", (type, _, levelOf, meaning) => {
    for (const dimensions of [1, 15, 16, 17, 64, 100, 128, 129, 300]) {
      const levels = Int8Array.from({ length: 3 * dimensions }, (_, i) => levelOf(i * 7 + (i >> 3)));
      const packed = packRows(levels, dimensions, type);
      expect(packed.length).toBe(3 * bytesPerRow(type, dimensions));
      expect([...unpackRows(packed, dimensions, type)]).toEqual([...levels].map(meaning));
    }
  });

  it("takes 4, 2 and 1 bits a dimension", () => {
    expect([bytesPerRow("int4", 256), bytesPerRow("int2", 256), bytesPerRow("int1", 256)]).toEqual([
      128, 64, 32,
    ]);
    expect([bytesPerRow("int8", 256), bytesPerRow("float32", 256), bytesPerRow("int1", 129)]).toEqual([
      256, 1024, 32,
    ]);
  });
});
