/**
 * What the kernel prints, against Rust's shortest decimals (golden/shortest-floats.tsv), JavaScript's own reading of
 * numbers, and Node's base64.
 *
 * Run once over all 2^31 values without a sign, against Rust's `{:e}` and `parse::<f32>`: each reads back as the same
 * float32, none has more digits, and where the digits differ both are equally near to the value. The kernel has become
 * faster since, and was held against itself over all of them.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VectorPrinter } from "../../shared/kernel/vector-printer.ts";

const printer = new VectorPrinter();
const ascii = new TextDecoder();

function printed(print: (visit: (text: Uint8Array) => void) => void): string {
  let all = "";
  print((text) => {
    all += ascii.decode(text);
  });
  return all;
}

const numbers = (vector: Float32Array) => printed((visit) => printer.numbers(vector, visit));
const base64 = (bytes: Uint8Array) => printed((visit) => printer.base64(bytes, visit));

function floatOfBits(bits: number): number {
  return new Float32Array(new Uint32Array([bits]).buffer)[0]!;
}

/** Digits without the point, the exponent and zeros at either end. */
function digitsOf(text: string): string {
  return text.replace(/e.*$/, "").replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "");
}

describe("numbers", () => {
  const oracle = readFileSync(new URL("golden/shortest-floats.tsv", import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t") as [bits: string, decimal: string])
    .map(([bits, decimal]) => ({ value: floatOfBits(Number.parseInt(bits, 16)), decimal }));

  test("have the digits that Rust's shortest decimals have, in JavaScript's notation", () => {
    const texts = numbers(Float32Array.from(oracle, ({ value }) => value)).split(",");
    expect(texts).toHaveLength(oracle.length);
    const different = oracle.filter(({ decimal }, i) => texts[i] !== String(Number(decimal)));
    // Halfway between two decimals either is right: Rust takes the larger one, the kernel the even one.
    for (const { value, decimal } of different) {
      const mine = digitsOf(numbers(Float32Array.of(value)));
      const theirs = digitsOf(decimal);
      expect(mine).toHaveLength(theirs.length);
      expect(digitsOf(value.toPrecision(100))).toBe(`${[mine, theirs].sort()[0]}5`);
    }
    expect(different.length).toBeLessThan(oracle.length / 100);
  });

  test("read back as the same float32, the sign of zero too", () => {
    const bits = new Uint32Array(1_000_000);
    let state = 1;
    for (let i = 0; i < bits.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bits[i] = state;
    }
    bits.set([0, 0x8000_0000, 1, 0x8000_0001, 0x7f7f_ffff, 0xff7f_ffff]);
    const vector = new Float32Array(bits.buffer);
    const texts = numbers(vector).split(",");
    expect(texts).toHaveLength(vector.length);
    const wrong = texts.findIndex(
      (text, i) => Number.isFinite(vector[i]) && !Object.is(Math.fround(JSON.parse(text)), vector[i]),
    );
    expect(wrong).toBe(-1);
  });

  test.each([
    [0.0625, "0.0625"],
    [1e-6, "0.000001"],
    [-1e-7, "-1e-7"],
    [1.5e-45, "1e-45"],
    [0.1, "0.1"],
    [-0, "-0"],
    [1200, "1200"],
    [16777216, "16777216"],
    [3.14159274, "3.1415927"],
    [1e20, "100000000000000000000"],
    [1e21, "1e+21"],
    [3.4028235e38, "3.4028235e+38"],
    // Halfway between two decimals that both read back: the even one.
    [2097152.25, "2097152.2"],
    [2097152.75, "2097152.8"],
    [Number.POSITIVE_INFINITY, "null"],
    [Number.NaN, "null"],
  ])("%d is printed as %s", (value, text) => {
    expect(numbers(Float32Array.of(value))).toBe(text);
  });

  test("of a vector with none are nothing", () => {
    expect(numbers(new Float32Array(0))).toBe("");
  });
});

test.each([0, 1, 2, 3, 4, 11, 12, 13, 1024, 12_288, 12_289, 40_000])("%d bytes in base64", (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 3)) & 255);
  expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
});

test("the powers of ten are those of their definition", () => {
  const source = readFileSync(
    new URL("../../shared/kernel/assembly/shortest-decimal.ts", import.meta.url),
    "utf8",
  );
  const table = [...source.matchAll(/0x([0-9a-f]{16})/g)].map(([text]) => BigInt(text));
  const expected = Array.from({ length: 77 }, (_, i) => {
    const power = i - 31;
    const scaled = power < 0 ? (1n << 400n) / 10n ** BigInt(-power) : (10n ** BigInt(power)) << 400n;
    const shift = BigInt(scaled.toString(2).length - 64);
    const exact = power >= 0 && scaled % (1n << shift) === 0n;
    return (scaled >> shift) + (exact ? 0n : 1n);
  });
  expect(table).toEqual(expected);
});
