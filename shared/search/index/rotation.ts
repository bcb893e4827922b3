/**
 * A rotation by chance that is cheap to apply: signs flipped by chance and fast Walsh-Hadamard transforms, in
 * turn. After it all dimensions carry alike, so that two bits do for each.
 *
 * A transform is over a power of two of dimensions. Where they are none, one is over the first of them and the
 * next over the last, the largest power of two that there is, so that all are mixed.
 * Source: Ailon and Chazelle 2009, "The Fast Johnson-Lindenstrauss Transform".
 */

/** Transforms over a power of two of dimensions; over others, two at either end. */
const wholeRounds = 2;
const partialRounds = 4;

export class Rotation {
  readonly dimensions: number;
  readonly #block: number;
  readonly #rounds: number;
  /** rounds x dimensions, 1 or -1. */
  readonly #signs: Float64Array;

  constructor(dimensions: number, seed: number) {
    this.dimensions = dimensions;
    this.#block = 2 ** Math.floor(Math.log2(dimensions));
    this.#rounds = this.#block === dimensions ? wholeRounds : partialRounds;
    this.#signs = Float64Array.from({ length: this.#rounds * dimensions }, (_, i) =>
      (mix(seed, i) & 1) === 0 ? 1 : -1,
    );
  }

  /** Rotates a vector in place. */
  apply(vector: Float64Array): void {
    for (let round = 0; round < this.#rounds; round++) {
      const signs = this.#signs.subarray(round * this.dimensions, (round + 1) * this.dimensions);
      for (let i = 0; i < this.dimensions; i++) vector[i]! *= signs[i]!;
      walshHadamard(vector, round % 2 === 0 ? 0 : this.dimensions - this.#block, this.#block);
    }
  }
}

/** Transforms `count` elements, a power of two, from `start` on; lengths stay what they are. */
function walshHadamard(values: Float64Array, start: number, count: number): void {
  for (let half = 1; half < count; half *= 2) {
    for (let from = start; from < start + count; from += 2 * half) {
      for (let i = from; i < from + half; i++) {
        const left = values[i]!;
        const right = values[i + half]!;
        values[i] = left + right;
        values[i + half] = left - right;
      }
    }
  }
  const scale = 1 / Math.sqrt(count);
  for (let i = start; i < start + count; i++) values[i]! *= scale;
}

/** 32 bits that say nothing of their neighbours: the finalizer of MurmurHash3 over a Weyl sequence. */
function mix(seed: number, index: number): number {
  let bits = (seed + Math.imul(index + 1, 0x9e3779b9)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
