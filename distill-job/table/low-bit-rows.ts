/** Rows in 4, 2 and 1 bits, each with its own scale, chosen so that the squared error is small. */
import { int2Levels, type PackedRowType, packRows } from "../../shared/kernel/row-layout.ts";

export interface PackedRows {
  readonly type: PackedRowType;
  /** rows x bytes per row, as the kernel reads them. */
  readonly values: Uint8Array;
  /** One factor per row. */
  readonly scales: Float32Array;
}

/** Writes one row's levels into `levels` and returns the scale that they are to be multiplied by. */
type RowQuantizer = (row: Float32Array, levels: Int8Array) => number;

/**
 * Quantizes a table to packed rows.
 *
 * @param values rows x dimensions, row-major
 */
export function quantizeLowBitRows(
  values: Float32Array,
  dimensions: number,
  type: PackedRowType,
): PackedRows {
  const rows = values.length / dimensions;
  const levels = new Int8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * dimensions, (row + 1) * dimensions];
    scales[row] = quantizers[type](values.subarray(start, end), levels.subarray(start, end));
  }
  return { type, values: packRows(levels, dimensions, type), scales };
}

const quantizers: Readonly<Record<PackedRowType, RowQuantizer>> = {
  int4: quantizeRowTo4Bits,
  int2: quantizeRowTo2Bits,
  int1: quantizeRowTo1Bit,
};

/** Clips tried for int4, as parts of the largest value: clipping a few large values makes all others finer. */
const clips = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];

function quantizeRowTo4Bits(row: Float32Array, levels: Int8Array): number {
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return 0;
  const level = (value: number, scale: number) => Math.max(-8, Math.min(7, Math.round(value / scale)));
  let best = { scale: 0, error: Number.POSITIVE_INFINITY };
  for (const clip of clips) {
    const scale = Math.fround((largest * clip) / 7);
    const error = row.reduce((sum, value) => sum + (value - level(value, scale) * scale) ** 2, 0);
    if (error < best.error) best = { scale, error };
  }
  row.forEach((value, i) => {
    levels[i] = level(value, best.scale);
  });
  return best.scale;
}

/** Rounds of choosing levels for the scale and the scale for the levels: it settles after two or three. */
const lloydRounds = 4;

function quantizeRowTo2Bits(row: Float32Array, levels: Int8Array): number {
  const [, , inner, outer] = int2Levels;
  const deviation = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / row.length);
  if (deviation === 0) return 0;
  // Where the outer level of the quantizer for a Gaussian stands, 1.5104 deviations out.
  let scale = (deviation * 1.5104) / outer;
  for (let round = 0; round < lloydRounds; round++) {
    const threshold = (scale * (inner + outer)) / 2;
    let product = 0;
    let square = 0;
    row.forEach((value, i) => {
      const isOuter = Math.abs(value) > threshold;
      levels[i] = value < 0 ? (isOuter ? 0 : 1) : isOuter ? 3 : 2;
      const level = int2Levels[levels[i]!]!;
      product += value * level;
      square += level * level;
    });
    // The scale of least squares for these levels.
    scale = product / square;
  }
  return scale;
}

/** Sign times mean size is the one-bit code of least squared error (Rastegari et al., XNOR-Net, 2016, 3.1). */
function quantizeRowTo1Bit(row: Float32Array, levels: Int8Array): number {
  let sum = 0;
  row.forEach((value, i) => {
    levels[i] = value < 0 ? 1 : 0;
    sum += Math.abs(value);
  });
  return sum / row.length;
}
