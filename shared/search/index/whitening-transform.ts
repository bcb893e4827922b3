/** Vectors centred and scaled, dimension by dimension, and brought to length 1. */
import type { Whitening } from "../ranking/whitening.ts";

/** t(x) = factor * x - offset, which is (x - mean / 2) / sqrt(deviation), in every dimension. */
export class WhiteningTransform {
  readonly factors: Float64Array;
  readonly offsets: Float64Array;

  /** @param whitening null to leave dimensions as they are */
  constructor(whitening: Whitening | null, dimensions: number) {
    this.factors = new Float64Array(dimensions).fill(1);
    this.offsets = new Float64Array(dimensions);
    if (whitening === null) return;
    for (let i = 0; i < dimensions; i++) {
      const deviation = whitening.deviation[i]!;
      // A dimension that is the same in all vectors says nothing.
      const factor = deviation > 0 ? 1 / Math.sqrt(deviation) : 0;
      this.factors[i] = factor;
      this.offsets[i] = (factor * whitening.mean[i]!) / 2;
    }
  }

  /**
   * Writes t(x) / |t(x)| into `target`; zeros stay zeros, for they stand for a text without a known word.
   *
   * @param scale what the values are multiplied by first
   */
  unit(values: ArrayLike<number>, scale: number, target: Float64Array): Float64Array {
    const { factors, offsets } = this;
    let square = 0;
    let any = false;
    for (let i = 0; i < target.length; i++) {
      const value = values[i]! * scale;
      const whitened = factors[i]! * value - offsets[i]!;
      if (value !== 0) any = true;
      square += whitened * whitened;
      target[i] = whitened;
    }
    const inverse = any && square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let i = 0; i < target.length; i++) target[i]! *= inverse;
    return target;
  }
}
