/** Pseudo-random numbers of a normal distribution, the same for the same seed. */

/**
 * Returns a function that gives the next number, mean 0 and deviation 1.
 *
 * Sums of uniform numbers, twelve at a time: exact in floating point on every machine, where the logarithm
 * and cosine of the usual formula may differ in the last bit.
 */
export function gaussians(seed: number): () => number {
  let state = seed >>> 0;
  // The generator mulberry32 (T. Ettinger, public domain).
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum - 6;
  };
}
