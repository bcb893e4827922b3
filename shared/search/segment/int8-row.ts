/** Vectors as rows of int8 with a scale each. */

/** The largest value of a row: 127 times the scale is the largest element of the vector. */
const levels = 127;

/**
 * Writes a vector as row `row`. One of zeros has scale 0.
 *
 * @param vector finite
 * @param values rows x dimensions
 * @param scales one per row
 */
export function quantizeRow(
  vector: ArrayLike<number>,
  values: Int8Array,
  scales: Float32Array,
  row: number,
): void {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i]!));
  const scale = Math.fround(most / levels);
  scales[row] = scale;
  if (scale === 0) return;
  const start = row * vector.length;
  for (let i = 0; i < vector.length; i++) {
    // The scale's own rounding can bring the largest a little above.
    values[start + i] = Math.max(-levels, Math.min(levels, Math.round(vector[i]! / scale)));
  }
}

/** The vector of a row. */
export function dequantizeRow(
  values: Int8Array,
  scales: Float32Array,
  row: number,
  dimensions: number,
): Float32Array {
  const scale = scales[row]!;
  return Float32Array.from(
    values.subarray(row * dimensions, (row + 1) * dimensions),
    (value) => value * scale,
  );
}
