/** Rows in 8 bits, each with its own scale. */

/** The largest size of an entry: -128 is not used, so that rows stay symmetric. */
const largestLevel = 127;

export interface Int8Rows {
  readonly type: "int8";
  /** rows x dimensions values from -127 to 127. */
  readonly values: Int8Array;
  /** One factor per row: an entry stands for value x scale. */
  readonly scales: Float32Array;
}

/**
 * Quantizes a table: scale = largest size in the row / 127, so an entry is off by half a scale at most.
 *
 * One scale per row, because SIF weights spread the rows' norms over three orders of magnitude.
 *
 * @param values rows x dimensions, row-major
 */
export function quantizeRows(values: Float32Array, dimensions: number): Int8Rows {
  const rows = values.length / dimensions;
  const quantized = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * dimensions;
    let largest = 0;
    for (let i = start; i < start + dimensions; i++) largest = Math.max(largest, Math.abs(values[i]!));
    scales[row] = largest / largestLevel;
    const scale = scales[row]!;
    if (scale === 0) continue;
    for (let i = start; i < start + dimensions; i++) quantized[i] = Math.round(values[i]! / scale);
  }
  return { type: "int8", values: quantized, scales };
}
