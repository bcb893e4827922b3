/**
 * How long rows are once their dimensions are centred and scaled, so that cosines can be had from rows as they
 * are stored: t(x) = factor * x - offset, dimension by dimension.
 */

/** Sixteen dimensions of a row, squared after centring and scaling, added to four sums. */
@inline
function addSquares(sums: v128, row: usize, scale: v128, factors: usize, offsets: usize): v128 {
  const words = v128.load8x8_s(row);
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(words));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(words));
  const first = f32x4.sub(f32x4.mul(f32x4.mul(low, scale), v128.load(factors)), v128.load(offsets));
  const second = f32x4.sub(f32x4.mul(f32x4.mul(high, scale), v128.load(factors, 16)), v128.load(offsets, 16));
  return f32x4.add(sums, f32x4.add(f32x4.mul(first, first), f32x4.mul(second, second)));
}

/**
 * Writes 1 / |t(row)| for each row; 0 for a row of zeros, which says nothing and so is like nothing.
 *
 * @param rows i8 x count x stride, stride a multiple of 16
 * @param scales f32 x count; 0 for a row of zeros
 * @param factors f32 x stride, zeros behind the last dimension, and so offsets
 * @param inverses f32 x count, written
 */
export function whitenRows(
  rows: usize,
  count: u32,
  stride: u32,
  scales: usize,
  factors: usize,
  offsets: usize,
  inverses: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const scale = load<f32>(scales);
    const scaleVector = f32x4.splat(scale);
    let sums = f32x4.splat(0);
    let any = i64x2.splat(0);
    for (let at: u32 = 0; at < stride; at += 16) {
      const row = rows + at;
      any = v128.or(any, v128.load(row));
      sums = addSquares(sums, row, scaleVector, factors + (at << 2), offsets + (at << 2));
      sums = addSquares(sums, row + 8, scaleVector, factors + (at << 2) + 32, offsets + (at << 2) + 32);
    }
    const square =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    const isNothing = scale == 0 || !v128.any_true(any) || square == 0;
    store<f32>(inverses, isNothing ? 0 : <f32>(1 / Math.sqrt(square)));
    rows += stride;
    scales += 4;
    inverses += 4;
  }
}
