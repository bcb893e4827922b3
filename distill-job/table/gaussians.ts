/** Pseudo-random numbers of a normal distribution, the same for the same seed. */
import { seededRandom } from "../seeded-random.ts";

/**
 * Returns a function that gives the next number, mean 0 and deviation 1.
 *
 * Sums of uniform numbers, twelve at a time: exact in floating point on every machine, where the logarithm
 * and cosine of the usual formula may differ in the last bit.
 */
export function gaussians(seed: number): () => number {
  const uniform = seededRandom(seed);
  return () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum - 6;
  };
}
