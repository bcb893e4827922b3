/** Mean and deviation of a collection's vectors, gathered in sums that can be joined. */
import { decodeBase64, encodeFloatsAsBase64 } from "../../api/base64.ts";
import { NearvecError } from "../../errors.ts";
import type { EncodedDocument } from "../collection/document.ts";
import type { WhiteningStatistics } from "../collection/manifest.ts";

/** Of the mean of all deviations, what each has at least: vectors are divided by its root. */
const leastDeviation = 1e-3;

/** By dimension. */
export interface Whitening {
  readonly mean: Float32Array;
  /** Standard deviation, always above 0. */
  readonly deviation: Float32Array;
}

/** Sums over vectors and over the squares of their elements: those of two sets, added, are those of both. */
export class WhiteningSums {
  readonly dimensions: number;
  /** count, then a sum for each dimension, then a sum of squares for each. */
  readonly #numbers: Float64Array;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#numbers = new Float64Array(1 + 2 * dimensions);
  }

  /** Vectors that were added. */
  get count(): number {
    return this.#numbers[0]!;
  }

  /**
   * Adds a vector: values times scale. One of zeros says nothing and does not count.
   *
   * @param sign -1 takes it away again
   */
  add(values: ArrayLike<number>, scale = 1, sign: 1 | -1 = 1): void {
    const numbers = this.#numbers;
    let any = false;
    for (let i = 0; i < this.dimensions; i++) {
      const value = values[i]! * scale;
      if (value === 0) continue;
      any = true;
      numbers[1 + i]! += sign * value;
      numbers[1 + this.dimensions + i]! += sign * value * value;
    }
    if (any) numbers[0]! += sign;
  }

  /** Adds the first row of each entry, which is that of all its text. */
  addDocument(
    { entries, values, scales }: Pick<EncodedDocument, "entries" | "values" | "scales">,
    sign: 1 | -1 = 1,
  ): void {
    let row = 0;
    for (const entry of entries) {
      this.add(values.subarray(row * this.dimensions, (row + 1) * this.dimensions), scales[row]!, sign);
      row += entry.rows;
    }
  }

  /** Adds the sums of other vectors of the same dimensions. */
  merge(other: WhiteningSums): void {
    if (other.dimensions !== this.dimensions) {
      throw new RangeError(`Expected sums of ${this.dimensions} dimensions, got ${other.dimensions}`);
    }
    for (let i = 0; i < this.#numbers.length; i++) this.#numbers[i]! += other.#numbers[i]!;
  }

  /** Mean and deviation; null of no vectors. */
  statistics(): Whitening | null {
    const { count, dimensions } = this;
    if (count < 1) return null;
    const mean = new Float32Array(dimensions);
    const deviation = new Float32Array(dimensions);
    for (let i = 0; i < dimensions; i++) {
      const average = this.#numbers[1 + i]! / count;
      mean[i] = average;
      // Rounding can leave a little less than nothing.
      deviation[i] = Math.sqrt(Math.max(0, this.#numbers[1 + dimensions + i]! / count - average * average));
    }
    const usual = deviation.reduce((sum, value) => sum + value, 0) / dimensions;
    // Equal vectors have no deviation to speak of: what is left is rounding.
    const least = usual > 1e-6 ? usual * leastDeviation : 1;
    return { mean, deviation: deviation.map((value) => Math.max(least, value)) };
  }

  /** For keeping: `WhiteningSums.fromBytes` takes it back. */
  toBytes(): Uint8Array {
    return new Uint8Array(this.#numbers.buffer.slice(0));
  }

  /** @throws NearvecError artifact_corrupt */
  static fromBytes(bytes: Uint8Array, dimensions: number): WhiteningSums {
    const sums = new WhiteningSums(dimensions);
    const target = new Uint8Array(sums.#numbers.buffer);
    if (bytes.length !== target.length) throw corrupt(`sums of ${target.length} bytes`, `${bytes.length}`);
    target.set(bytes);
    return sums;
  }
}

/** As a manifest has it. */
export function encodeWhitening({ mean, deviation }: Whitening): WhiteningStatistics {
  return { mean: encodeFloatsAsBase64(mean), deviation: encodeFloatsAsBase64(deviation) };
}

/** @throws NearvecError artifact_corrupt if it is not of these dimensions, or cannot be divided by */
export function decodeWhitening({ mean, deviation }: WhiteningStatistics, dimensions: number): Whitening {
  const whitening = { mean: decodeFloats(mean, dimensions), deviation: decodeFloats(deviation, dimensions) };
  if (!whitening.mean.every(Number.isFinite)) throw corrupt("a finite mean", "another");
  if (!whitening.deviation.every((value) => value > 0 && Number.isFinite(value))) {
    throw corrupt("deviations above 0", "others");
  }
  return whitening;
}

function decodeFloats(text: string, dimensions: number): Float32Array {
  const bytes = decodeBase64(text);
  if (bytes?.length !== dimensions * Float32Array.BYTES_PER_ELEMENT) {
    throw corrupt(
      `${dimensions} numbers in base64`,
      bytes === null ? "something else" : `${bytes.length} bytes`,
    );
  }
  return new Float32Array(bytes.buffer as ArrayBuffer);
}

function corrupt(expected: string, got: string): NearvecError {
  return new NearvecError(
    "artifact_corrupt",
    `Expected ${expected} as a collection's whitening, got ${got}. What was stored is damaged.`,
  );
}
