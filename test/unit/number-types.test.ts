/** Vectors in fewer bits: as numpy packs them, and near enough to compare with. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { integerScale, toNumberType } from "../../shared/embedding/number-types.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { fixedNoise } from "../support/tiny-model.ts";

describe("bits", () => {
  // np.packbits(np.array([...]) > 0) and, for `binary`, (that - 128).astype(np.int8).
  const cases: [vector: number[], ubinary: number[], binary: number[]][] = [
    [[1, -1, 1, -1, 1, -1, 1, -1], [170], [42]],
    [[-1, -1, -1, -1, -1, -1, -1, 0.5], [1], [-127]],
    [[1, 1, 1, 1, 1, 1, 1, 1], [255], [127]],
    [[0, -0, 0, 0, 0, 0, 0, 0], [0], [-128]],
    [
      [1, 0, 0, 0, 0, 0, 0, 0, -1, 1],
      [128, 64],
      [0, -64],
    ],
  ];
  test.each(cases)("of %j", (vector, ubinary, binary) => {
    expect([...toNumberType(Float32Array.from(vector), "ubinary")]).toEqual(ubinary);
    expect([...toNumberType(Float32Array.from(vector), "binary")]).toEqual(binary);
  });
});

describe("integers", () => {
  test("are the unit vector's components times a factor of the width, whatever the vector's length", () => {
    const vector = fixedNoise(64);
    const length = Math.hypot(...vector);
    const expected = Array.from(vector, (value) => Math.round((value / length) * integerScale(64)));
    expect([...toNumberType(vector, "int8")]).toEqual(expected);
    expect([
      ...toNumberType(
        vector.map((value) => value * 8),
        "int8",
      ),
    ]).toEqual(expected);
    expect([...toNumberType(vector, "uint8")]).toEqual(expected.map((value) => value + 128));
  });

  test("reach five standard deviations of a random unit vector", () => {
    expect(integerScale(256)).toBeCloseTo((127 * 16) / 5, 10);
    expect(integerScale(100)).toBeCloseTo(254, 10);
  });

  test("are clipped, not wrapped around", () => {
    const vector = Float32Array.from({ length: 256 }, (_, i) => (i === 0 ? 1 : i === 1 ? -1 : 0));
    expect([...toNumberType(vector, "int8").subarray(0, 3)]).toEqual([127, -127, 0]);
    expect([...toNumberType(vector, "uint8").subarray(0, 3)]).toEqual([255, 1, 128]);
  });

  test("of nothing are nothing", () => {
    expect([...toNumberType(new Float32Array(3), "int8")]).toEqual([0, 0, 0]);
    expect([...toNumberType(new Float32Array(3), "uint8")]).toEqual([128, 128, 128]);
  });

  test.each(["nano", "base"])("keep the cosines of %s to a hundredth", async (name) => {
    const model = await StaticModel.load(
      await readFile(new URL(`../../models/${name}.safetensors`, import.meta.url)),
    );
    const texts = ["a horse in the rain", "a wet pony", "the stock market fell sharply on Monday", "horse"];
    const vectors = model.encode(texts);
    const integers = vectors.map((vector) => Float32Array.from(toNumberType(vector, "int8")));
    for (let i = 0; i < texts.length; i++) {
      for (let j = 0; j < i; j++) {
        expect(cosine(integers[i]!, integers[j]!)).toBeCloseTo(cosine(vectors[i]!, vectors[j]!), 2);
      }
    }
  });
});

function cosine(left: Float32Array, right: Float32Array): number {
  const dot = left.reduce((sum, value, i) => sum + value * right[i]!, 0);
  return dot / (Math.hypot(...left) * Math.hypot(...right));
}
