/**
 * What the cosines of rows with a query are at most, from the upper halves of their elements.
 *
 * The query is in int8, so small that no sum of 16 bits overflows: what one of eight sums takes in is at most
 * 15 times the sum of the absolute values of every fourth pair of the query's elements, and so on.
 */
import { blockBytes, blockDimensions, highHalvesOf, lowHalfMask, lowHalvesOf } from "./half-bytes";

/** Eight sums of two products each. @param query i8 x 16 @param halves 0 to 15 x 16 */
@inline
function dotPairs(query: v128, halves: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.relaxed_dot_i8x16_i7x16_s(query, halves);
  return i16x8.narrow_i32x4_s(
    i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(query, halves)),
    i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(query, halves)),
  );
}

@inline
function addBlock(sums: v128, block: v128, first: v128, last: v128, mask: v128): v128 {
  const products = i16x8.add(
    dotPairs(first, lowHalvesOf(block, mask)),
    dotPairs(last, highHalvesOf(block, mask)),
  );
  return i16x8.add(sums, products);
}

/** [sum of a, sum of b, sum of c, sum of d], of eight 16-bit numbers each. */
@inline
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const a4 = i32x4.extadd_pairwise_i16x8_s(a);
  const b4 = i32x4.extadd_pairwise_i16x8_s(b);
  const c4 = i32x4.extadd_pairwise_i16x8_s(c);
  const d4 = i32x4.extadd_pairwise_i16x8_s(d);
  const ab = i32x4.add(i32x4.shuffle(a4, b4, 0, 4, 1, 5), i32x4.shuffle(a4, b4, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c4, d4, 0, 4, 1, 5), i32x4.shuffle(c4, d4, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Rows that are bounded at once in either half. */
const rowsAtOnce: u32 = 4;

/**
 * Writes `inverse * (scale * (dot * multiplier + shift) - constant)` for each row. Both halves of the rows are gone
 * through at once: where memory is read in two places the processor reads ahead in two, which took a third off the
 * time (Zen 3). Behind the last row there must be 7 rows' worth of readable memory, and behind `scales`, `inverses` and
 * `bounds` 28 bytes, the latter's to be overwritten.
 *
 * @param upper u8 x count x stride / 2
 * @param query i8 x stride
 * @param scales f32 x count, and so inverses
 * @param bounds f32 x count, written
 */
export function boundRows(
  upper: usize,
  count: u32,
  stride: u32,
  query: usize,
  scales: usize,
  inverses: usize,
  multiplier: f32,
  shift: f32,
  constant: f32,
  bounds: usize,
): void {
  const mask = lowHalfMask();
  const rowBytes = <usize>(stride >> 1);
  const queryEnd = query + stride;
  const half = <usize>((count + 2 * rowsAtOnce - 1) / (2 * rowsAtOnce)) * rowsAtOnce;
  const farRows = rowBytes * half;
  const farFloats = half << 2;
  const multipliers = f32x4.splat(multiplier);
  const shifts = f32x4.splat(shift);
  const constants = f32x4.splat(constant);
  for (const end = bounds + farFloats; bounds < end; bounds += rowsAtOnce << 2) {
    let near0 = i16x8.splat(0);
    let near1 = near0;
    let near2 = near0;
    let near3 = near0;
    let far0 = near0;
    let far1 = near0;
    let far2 = near0;
    let far3 = near0;
    let nearRows = upper;
    let nearRows2 = upper + rowBytes * 2;
    for (let at = query; at < queryEnd; at += blockDimensions) {
      const first = v128.load(at);
      const last = v128.load(at, 16);
      const far = nearRows + farRows;
      const farRows2 = nearRows2 + farRows;
      near0 = addBlock(near0, v128.load(nearRows), first, last, mask);
      far0 = addBlock(far0, v128.load(far), first, last, mask);
      near1 = addBlock(near1, v128.load(nearRows + rowBytes), first, last, mask);
      far1 = addBlock(far1, v128.load(far + rowBytes), first, last, mask);
      near2 = addBlock(near2, v128.load(nearRows2), first, last, mask);
      far2 = addBlock(far2, v128.load(farRows2), first, last, mask);
      near3 = addBlock(near3, v128.load(nearRows2 + rowBytes), first, last, mask);
      far3 = addBlock(far3, v128.load(farRows2 + rowBytes), first, last, mask);
      nearRows += blockBytes;
      nearRows2 += blockBytes;
    }
    const nearDots = f32x4.mul(f32x4.convert_i32x4_s(sumsOf(near0, near1, near2, near3)), multipliers);
    const farDots = f32x4.mul(f32x4.convert_i32x4_s(sumsOf(far0, far1, far2, far3)), multipliers);
    storeBounds(bounds, nearDots, scales, inverses, shifts, constants);
    storeBounds(
      bounds + farFloats,
      farDots,
      scales + farFloats,
      inverses + farFloats,
      shifts,
      constants,
    );
    upper += rowBytes * rowsAtOnce;
    scales += rowsAtOnce << 2;
    inverses += rowsAtOnce << 2;
  }
}

@inline
function storeBounds(
  bounds: usize,
  dots: v128,
  scales: usize,
  inverses: usize,
  shifts: v128,
  constants: v128,
): void {
  const products = f32x4.mul(v128.load(scales), f32x4.add(dots, shifts));
  v128.store(bounds, f32x4.mul(v128.load(inverses), f32x4.sub(products, constants)));
}
