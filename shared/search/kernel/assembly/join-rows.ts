/**
 * How long the sum of a window's vector and that of all its entry's text is, both whitened and of length 1 before: by
 * it, the sum of their cosines with a query becomes that of their midpoint.
 */

import { blockBytes, blockDimensions, firstOf, lastOf, lowHalfMask, signBits } from "./half-bytes";

/** Of the square of a sum: what is shorter has no direction to speak of. */
const leastSquare: f32 = 1e-3;

/** Eight dimensions of a row, centred and scaled, are written to `target`. */
@inline
function storeWhitened(elements: v128, scale: v128, factors: usize, offsets: usize, target: usize): void {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(elements));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(elements));
  v128.store(target, f32x4.sub(f32x4.mul(f32x4.mul(low, scale), v128.load(factors)), v128.load(offsets)));
  v128.store(
    target,
    f32x4.sub(f32x4.mul(f32x4.mul(high, scale), v128.load(factors, 16)), v128.load(offsets, 16)),
    16,
  );
}

/** Eight dimensions of a row, centred and scaled, times those of `other`, added to four sums. */
@inline
function addProducts(sums: v128, elements: v128, scale: v128, factors: usize, offsets: usize, other: usize): v128 {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(elements));
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(elements));
  const first = f32x4.sub(f32x4.mul(f32x4.mul(low, scale), v128.load(factors)), v128.load(offsets));
  const second = f32x4.sub(f32x4.mul(f32x4.mul(high, scale), v128.load(factors, 16)), v128.load(offsets, 16));
  return f32x4.add(
    sums,
    f32x4.add(f32x4.mul(first, v128.load(other)), f32x4.mul(second, v128.load(other, 16))),
  );
}

/**
 * Writes, for each row, 1 / |u + v|, u being its own whitened vector and v that of its entry's first row, both of
 * length 1; 0 where they cancel out.
 *
 * @param upper u8 x rows x stride / 2, and so lower: rows in planes (half-bytes.ts)
 * @param entryRows u32 x entries + 1: first row of each
 * @param inverses f32 x rows, as `whitenRows` writes them, of the same scales, factors and offsets
 * @param room f32 x stride, written
 * @param jointInverses f32 x rows, written
 */
export function joinRows(
  upper: usize,
  lower: usize,
  entries: u32,
  entryRows: usize,
  stride: u32,
  scales: usize,
  factors: usize,
  offsets: usize,
  inverses: usize,
  room: usize,
  jointInverses: usize,
): void {
  const mask = lowHalfMask();
  const rowBytes = <usize>(stride >> 1);
  for (let entry: u32 = 0; entry < entries; entry++) {
    const begin = load<u32>(entryRows + (<usize>entry << 2));
    const end = load<u32>(entryRows + (<usize>entry << 2), 4);
    const ownInverse = load<f32>(inverses + (<usize>begin << 2));
    store<f32>(jointInverses + (<usize>begin << 2), ownInverse == 0 ? 0 : 0.5);
    for (let row = begin; row < end; row++) {
      const isFirst = row == begin;
      if (isFirst && row + 1 == end) break;
      const scale = f32x4.splat(load<f32>(scales + (<usize>row << 2)));
      let sums = f32x4.splat(0);
      let factor = factors;
      let offset = offsets;
      let other = room;
      const rowStart = <usize>row * rowBytes;
      for (let at = rowStart; at < rowStart + rowBytes; at += blockBytes) {
        const uppers = v128.load(upper + at);
        const lowers = v128.load(lower + at);
        const first = v128.xor(firstOf(uppers, lowers, mask), signBits());
        const last = v128.xor(lastOf(uppers, lowers, mask), signBits());
        const a = i16x8.extend_low_i8x16_s(first);
        const b = i16x8.extend_high_i8x16_s(first);
        const c = i16x8.extend_low_i8x16_s(last);
        const d = i16x8.extend_high_i8x16_s(last);
        if (isFirst) {
          storeWhitened(a, scale, factor, offset, other);
          storeWhitened(b, scale, factor + 32, offset + 32, other + 32);
          storeWhitened(c, scale, factor + 64, offset + 64, other + 64);
          storeWhitened(d, scale, factor + 96, offset + 96, other + 96);
        } else {
          sums = addProducts(sums, a, scale, factor, offset, other);
          sums = addProducts(sums, b, scale, factor + 32, offset + 32, other + 32);
          sums = addProducts(sums, c, scale, factor + 64, offset + 64, other + 64);
          sums = addProducts(sums, d, scale, factor + 96, offset + 96, other + 96);
        }
        factor += blockDimensions << 2;
        offset += blockDimensions << 2;
        other += blockDimensions << 2;
      }
      if (isFirst) continue;
      const product =
        f32x4.extract_lane(sums, 0) +
        f32x4.extract_lane(sums, 1) +
        f32x4.extract_lane(sums, 2) +
        f32x4.extract_lane(sums, 3);
      const inverse = load<f32>(inverses + (<usize>row << 2));
      const lengths: f32 = <f32>(ownInverse != 0 ? 1 : 0) + <f32>(inverse != 0 ? 1 : 0);
      const square: f32 = lengths + 2 * product * ownInverse * inverse;
      store<f32>(jointInverses + (<usize>row << 2), square > leastSquare ? <f32>(1 / Math.sqrt(square)) : 0);
    }
  }
}
