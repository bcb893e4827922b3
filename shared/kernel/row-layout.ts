/**
 * How the rows of a table are packed. A block of 16 bytes, one vector register, holds:
 *
 * - int8: 16 dimensions, a byte each
 * - int4: 32 dimensions, byte i holding dimension i in its low and dimension 16 + i in its high half, plus 8
 * - int2: 64 dimensions, byte i holding dimension 16 k + i in its bits 2k and 2k + 1, as a level's number
 * - int1: 128 dimensions, byte i holding dimension 16 k + i in its bit k, set for minus
 *
 * so that one shift and one mask take 16 neighbouring dimensions out. A row's last block is filled with zeros.
 */
import type { RowType } from "../artifact/model-metadata.ts";
import { int2Inner, int2Outer, int4Bias } from "./row-levels.ts";

/** Row types whose elements are packed, with the dimensions of a block. */
export const packedBlockDimensions = { int4: 32, int2: 64, int1: 128 } as const;
export type PackedRowType = keyof typeof packedBlockDimensions;

/** The four levels of int2, by number. */
export const int2Levels = [-int2Outer, -int2Inner, int2Inner, int2Outer] as const;

export function isPacked(rowType: RowType): rowType is PackedRowType {
  return Object.hasOwn(packedBlockDimensions, rowType);
}

/** Bytes of one row. */
export function bytesPerRow(rowType: RowType, dimensions: number): number {
  if (rowType === "float32") return dimensions * 4;
  if (rowType === "int8") return dimensions;
  return Math.ceil(dimensions / packedBlockDimensions[rowType]) * 16;
}

/**
 * Packs levels into bytes.
 *
 * @param levels rows x dimensions: for int4 -8 to 7, for int2 the number of a level, for int1 1 for minus and 0
 */
export function packRows(levels: Int8Array, dimensions: number, rowType: PackedRowType): Uint8Array {
  const rowBytes = bytesPerRow(rowType, dimensions);
  const rows = levels.length / dimensions;
  const packed = new Uint8Array(rows * rowBytes);
  const bits = 128 / packedBlockDimensions[rowType];
  const bias = rowType === "int4" ? int4Bias : 0;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) {
      const { byte, shift } = placeOf(i, bits);
      packed[row * rowBytes + byte]! |= (levels[row * dimensions + i]! + bias) << shift;
    }
  }
  return packed;
}

/** What the packed elements stand for, in units of their row's scale: the inverse of `packRows`, int2 by level. */
export function unpackRows(packed: Uint8Array, dimensions: number, rowType: PackedRowType): Int8Array {
  const rowBytes = bytesPerRow(rowType, dimensions);
  const rows = packed.length / rowBytes;
  const values = new Int8Array(rows * dimensions);
  const bits = 128 / packedBlockDimensions[rowType];
  const meaning = meanings[rowType];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) {
      const { byte, shift } = placeOf(i, bits);
      values[row * dimensions + i] = meaning((packed[row * rowBytes + byte]! >> shift) & ((1 << bits) - 1));
    }
  }
  return values;
}

const meanings: Readonly<Record<PackedRowType, (element: number) => number>> = {
  int4: (element) => element - int4Bias,
  int2: (element) => int2Levels[element]!,
  int1: (element) => (element === 0 ? 1 : -1),
};

function placeOf(dimension: number, bits: number): { byte: number; shift: number } {
  const perBlock = 128 / bits;
  const within = dimension % perBlock;
  return {
    byte: Math.floor(dimension / perBlock) * 16 + (within % 16),
    shift: Math.floor(within / 16) * bits,
  };
}
