/**
 * How long rows are once their dimensions are centred and scaled, so that cosines can be had from rows as they
 * are stored: t(x) = factor * x - offset, dimension by dimension.
 */

import { blockBytes, blockDimensions, firstOf, lastOf, lowHalfMask, signBits } from "./half-bytes";

/** Eight dimensions of a row, squared after centring and scaling, added to four sums. */
@inline
function addSquares(sums: v128, elements: v128, scale: v128, factors: usize, offsets: usize): v128 {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(elements));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(elements));
  const first = f32x4.sub(f32x4.mul(f32x4.mul(low, scale), v128.load(factors)), v128.load(offsets));
  const second = f32x4.sub(f32x4.mul(f32x4.mul(high, scale), v128.load(factors, 16)), v128.load(offsets, 16));
  return f32x4.add(sums, f32x4.add(f32x4.mul(first, first), f32x4.mul(second, second)));
}

/**
 * Writes 1 / |t(row)| for each row; 0 for a row of zeros, which says nothing and so is like nothing.
 *
 * @param upper u8 x count x stride / 2, and so lower: rows in planes (half-bytes.ts)
 * @param scales f32 x count; 0 for a row of zeros
 * @param factors f32 x stride, zeros behind the last dimension, and so offsets
 * @param inverses f32 x count, written
 */
export function whitenRows(
  upper: usize,
  lower: usize,
  count: u32,
  stride: u32,
  scales: usize,
  factors: usize,
  offsets: usize,
  inverses: usize,
): void {
  const mask = lowHalfMask();
  const rowBytes = <usize>(stride >> 1);
  for (let i: u32 = 0; i < count; i++) {
    const scale = load<f32>(scales);
    const scaleVector = f32x4.splat(scale);
    let sums = f32x4.splat(0);
    let any = i64x2.splat(0);
    let factor = factors;
    let offset = offsets;
    for (let at: usize = 0; at < rowBytes; at += blockBytes) {
      const uppers = v128.load(upper + at);
      const lowers = v128.load(lower + at);
      const first = v128.xor(firstOf(uppers, lowers, mask), signBits());
      const last = v128.xor(lastOf(uppers, lowers, mask), signBits());
      any = v128.or(any, v128.or(first, last));
      sums = addSquares(sums, i16x8.extend_low_i8x16_s(first), scaleVector, factor, offset);
      sums = addSquares(sums, i16x8.extend_high_i8x16_s(first), scaleVector, factor + 32, offset + 32);
      sums = addSquares(sums, i16x8.extend_low_i8x16_s(last), scaleVector, factor + 64, offset + 64);
      sums = addSquares(sums, i16x8.extend_high_i8x16_s(last), scaleVector, factor + 96, offset + 96);
      factor += blockDimensions << 2;
      offset += blockDimensions << 2;
    }
    const square =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    const isNothing = scale == 0 || !v128.any_true(any) || square == 0;
    store<f32>(inverses, isNothing ? 0 : <f32>(1 / Math.sqrt(square)));
    upper += rowBytes;
    lower += rowBytes;
    scales += 4;
    inverses += 4;
  }
}
