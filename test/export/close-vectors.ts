/** Vectors of one text by two programs. */
import { expect } from "vitest";

/**
 * Fails where two unit vectors differ: `1 - cosine` is half their squared distance.
 * @param expected null where a program has none, for texts without tokens
 */
export function expectCloseVectors(
  texts: readonly string[],
  got: readonly Float32Array[],
  expected: readonly (readonly number[] | null)[],
  tolerance: number,
): void {
  got.forEach((vector, i) => {
    const other = expected[i] ?? vector.map(() => 0);
    const squares = vector.reduce((sum, value, j) => sum + (value - other[j]!) ** 2, 0);
    if (!(squares / 2 <= tolerance)) {
      expect.fail(`${JSON.stringify(texts[i])}: cosine ${1 - squares / 2}`);
    }
  });
}
