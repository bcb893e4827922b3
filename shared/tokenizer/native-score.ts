/**
 * Scores as the native library has them. Its JSON parser rounds twice: the digits to a double, then the
 * quotient by a power of ten (serde_json without `float_roundtrip`, `f64_from_parts`). One score in eight
 * comes out a unit in the last place off, and which of two equally likely splits wins hangs on that.
 */

/**
 * What the native library makes of a number of tokenizer.json.
 *
 * @param score as JSON.parse read it, which is the double nearest to the digits
 *
 * @example
 * ```ts
 * nativeScore(-2.5); // -2.5
 * ```
 */
export function nativeScore(score: number): number {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(
    String(score),
  )!;
  const digits = Number(BigInt(whole! + fraction));
  const power = Number(exponent) - fraction.length;
  const magnitude = power < 0 ? digits / Number(`1e${-power}`) : digits * Number(`1e${power}`);
  return sign === "-" ? -magnitude : magnitude;
}

/** A number for tokenizer.json of which the native library makes `parsed`: the inverse of `nativeScore`. */
export function scoreToWrite(parsed: number): number {
  for (const step of [0n, 1n, -1n, 2n, -2n]) {
    const candidate = neighbour(parsed, step);
    if (nativeScore(candidate) === parsed) return candidate;
  }
  return parsed;
}

/** The double `steps` units in the last place further from zero. */
function neighbour(value: number, steps: bigint): number {
  if (steps === 0n || value === 0) return value;
  const bits = new BigInt64Array([0n]);
  const double = new Float64Array(bits.buffer);
  double[0] = value;
  bits[0]! += steps;
  return double[0]!;
}
