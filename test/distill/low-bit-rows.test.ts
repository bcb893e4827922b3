/** Rows of few bits: as close to the table as their levels allow, and rotation that changes no inner product. */
import { describe, expect, it } from "vitest";
import { gaussians } from "../../distill-job/table/gaussians.ts";
import { quantizeLowBitRows } from "../../distill-job/table/low-bit-rows.ts";
import { rotateDimensions } from "../../distill-job/table/rotate-dimensions.ts";
import { storeRows } from "../../distill-job/table/store-rows.ts";
import { unpackRows } from "../../shared/kernel/row-layout.ts";

const dimensions = 64;
const rows = 50;
const random = gaussians(1);
const gaussian = Float32Array.from({ length: rows * dimensions }, () => random());

/** Mean squared error over mean square. */
function distortion(values: Float32Array, type: "int4" | "int2" | "int1"): number {
  const { values: packed, scales } = quantizeLowBitRows(values, dimensions, type);
  const back = unpackRows(packed, dimensions, type);
  let error = 0;
  let square = 0;
  values.forEach((value, i) => {
    error += (value - back[i]! * scales[Math.floor(i / dimensions)]!) ** 2;
    square += value ** 2;
  });
  return error / square;
}

describe("quantization of Gaussian rows", () => {
  // Max, "Quantizing for minimum distortion", 1960, table I: 0.3634 for two levels, 0.1175 for four;
  // table II: 0.0115 for sixteen at equal distances. Rows of 64 have their own scale, which gains a little.
  it.each([
    ["int1", 0.34, 0.3634],
    ["int2", 0.105, 0.1195],
    ["int4", 0.008, 0.014],
  ] as const)("to %s errs as little as it can", (type, least, most) => {
    const measured = distortion(gaussian, type);
    expect(measured).toBeLessThan(most);
    expect(measured).toBeGreaterThan(least);
  });

  it("clips outliers of int4 rows where that is the smaller error", () => {
    const spiky = gaussian.map((value, i) => (i % dimensions === 0 ? 6 * Math.sign(value) : value));
    const { scales } = quantizeLowBitRows(spiky, dimensions, "int4");
    expect(Math.max(...scales)).toBeLessThan(6 / 7);
  });

  it("keeps each row's own scale, down to zero", () => {
    const table = Float32Array.from([...gaussian.subarray(0, 64), ...new Array(64).fill(0)]);
    for (const type of ["int4", "int2", "int1"] as const) {
      const { scales } = quantizeLowBitRows(table, dimensions, type);
      expect(scales[0]).toBeGreaterThan(0);
      expect(scales[1]).toBe(0);
    }
  });

  it("is chosen by the type of row", () => {
    for (const type of ["int8", "float32", "int4", "int2", "int1"] as const) {
      expect(storeRows(gaussian, dimensions, type).type).toBe(type);
    }
  });
});

describe("rotation", () => {
  const dot = (values: Float32Array, a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += values[a * dimensions + i]! * values[b * dimensions + i]!;
    return sum;
  };

  it("keeps every inner product", () => {
    const rotated = rotateDimensions(gaussian, dimensions);
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b <= a; b++) expect(dot(rotated, a, b)).toBeCloseTo(dot(gaussian, a, b), 3);
    }
  });

  it("spreads what one dimension holds over all", () => {
    const axis = Float32Array.from({ length: dimensions }, (_, i) => Number(i === 0));
    const rotated = rotateDimensions(axis, dimensions);
    expect(Math.max(...rotated.map(Math.abs))).toBeLessThan(0.5);
    expect(Math.hypot(...rotated)).toBeCloseTo(1, 6);
  });

  it("is the same every time", () => {
    expect(rotateDimensions(gaussian, dimensions)).toEqual(rotateDimensions(gaussian, dimensions));
  });

  it("leaves less error to one-bit rows of uneven dimensions", () => {
    const uneven = gaussian.map((value, i) => value / (1 + (i % dimensions)));
    expect(distortion(rotateDimensions(uneven, dimensions), "int1")).toBeLessThan(
      distortion(uneven, "int1") * 0.8,
    );
  });
});
