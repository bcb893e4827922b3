/**
 * Sums of weighted rows in integers, for each way of packing them (row-layout.ts).
 *
 * Two rows at a time: their bytes are interleaved, widened, and multiplied by the two weights and added by
 * one instruction per four dimensions.
 */
import { rowTypeInt1, rowTypeInt2, rowTypeInt4, rowTypeInt8 } from "../model-descriptor";
import { int2Inner, int2Outer, int4Bias } from "../row-levels";
import { accumulator, rowPointers, rowWeights } from "./scratch";


/** Dimensions that the inner loop sums at once: eight sums of four stay in registers. */
const blockDimensions: u32 = 32;

/** Bytes from a row's beginning to those that hold a block of 32 dimensions. */
@inline
function blockOffset(kind: i32, block: u32): u32 {
  if (kind == rowTypeInt8) return block << 5;
  if (kind == rowTypeInt4) return block << 4;
  if (kind == rowTypeInt2) return (block >> 1) << 4;
  return (block >> 2) << 4;
}

/** The bit of its byte at which a block's first or second 16 dimensions begin. */
@inline
function firstBit(kind: i32, block: u32, second: i32): i32 {
  if (kind == rowTypeInt4) return second << 2;
  if (kind == rowTypeInt2) return ((block & 1) << 2) + (second << 1);
  return ((block & 3) << 1) + second;
}

/**
 * 16 dimensions as bytes.
 *
 * @param bit where they begin in their bytes, and `bits` a byte with that bit set, 16 times
 */
@inline
function sixteenDimensions(kind: i32, pointer: usize, second: i32, bit: i32, bits: v128): v128 {
  if (kind == rowTypeInt8) return v128.load(pointer + (second << 4));
  const packed = v128.load(pointer);
  if (kind == rowTypeInt1) {
    // All ones, which is -1, where the bit is set; then 1 in place of 0.
    return v128.or(i8x16.eq(v128.and(packed, bits), bits), i8x16.splat(1));
  }
  // There is no shift of bytes; what a shift of words brings in from the next byte, the mask takes away.
  const shifted = i16x8.shr_u(packed, bit);
  if (kind == rowTypeInt4) return i8x16.sub(v128.and(shifted, i8x16.splat(15)), i8x16.splat(<i8>int4Bias));
  const levels = i32x4.splat(
    (-int2Outer & 255) | ((-int2Inner & 255) << 8) | (int2Inner << 16) | (int2Outer << 24),
  );
  return i8x16.swizzle(levels, v128.and(shifted, i8x16.splat(3)));
}

@inline
function keepSum(target: usize, sum: v128, first: bool): void {
  const converted = f32x4.convert_i32x4_s(sum);
  v128.store(target, first ? converted : f32x4.add(v128.load(target), converted));
}

/** Adds the rows over 32 dimensions to the accumulator, or puts their sum there if they are the first. */
@inline
function sumBlock(kind: i32, block: u32, pairs: u32, first: bool): void {
  const offset = blockOffset(kind, block);
  const bit0 = firstBit(kind, block, 0);
  const bit1 = firstBit(kind, block, 1);
  const bits0 = i8x16.splat(<i8>1 << <i8>bit0);
  const bits1 = i8x16.splat(<i8>1 << <i8>bit1);
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let sum4 = sum0;
  let sum5 = sum0;
  let sum6 = sum0;
  let sum7 = sum0;
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const pointers = load<u64>(rowPointers + (pair << 3));
    const left = <usize>pointers + offset;
    const right = <usize>(pointers >> 32) + offset;
    const weights = v128.load32_splat(rowWeights + (pair << 2));
    const left0 = sixteenDimensions(kind, left, 0, bit0, bits0);
    const right0 = sixteenDimensions(kind, right, 0, bit0, bits0);
    const low0 = v128.shuffle<i8>(left0, right0, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high0 = v128.shuffle<i8>(left0, right0, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low0), weights));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low0), weights));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high0), weights));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high0), weights));
    const left1 = sixteenDimensions(kind, left, 1, bit1, bits1);
    const right1 = sixteenDimensions(kind, right, 1, bit1, bits1);
    const low1 = v128.shuffle<i8>(left1, right1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high1 = v128.shuffle<i8>(left1, right1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    sum4 = i32x4.add(sum4, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low1), weights));
    sum5 = i32x4.add(sum5, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low1), weights));
    sum6 = i32x4.add(sum6, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high1), weights));
    sum7 = i32x4.add(sum7, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high1), weights));
  }
  const target = accumulator + (block << 7);
  keepSum(target, sum0, first);
  keepSum(target + 16, sum1, first);
  keepSum(target + 32, sum2, first);
  keepSum(target + 48, sum3, first);
  keepSum(target + 64, sum4, first);
  keepSum(target + 80, sum5, first);
  keepSum(target + 96, sum6, first);
  keepSum(target + 112, sum7, first);
}

@inline
function sumRowsOf(kind: i32, width: u32, pairs: u32, first: bool): void {
  for (let block: u32 = 0; block * blockDimensions < width; block++) sumBlock(kind, block, pairs, first);
}

/**
 * Sums `pairs` pairs of rows, whose addresses and weights stand in scratch, over the first `width` dimensions
 * into the accumulator. The kind is known where each loop is compiled, so that no loop asks for it.
 */
export function sumRows(kind: i32, width: u32, pairs: u32, first: bool): void {
  if (kind == rowTypeInt8) sumRowsOf(rowTypeInt8, width, pairs, first);
  else if (kind == rowTypeInt4) sumRowsOf(rowTypeInt4, width, pairs, first);
  else if (kind == rowTypeInt2) sumRowsOf(rowTypeInt2, width, pairs, first);
  else sumRowsOf(rowTypeInt1, width, pairs, first);
}
