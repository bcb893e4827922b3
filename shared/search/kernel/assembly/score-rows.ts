/**
 * Cosines of int8 rows with a query of 16-bit integers.
 *
 * Rows are in planes of half bytes (half-bytes.ts), of `stride` dimensions, a multiple of 32, zeros behind the last
 * one. Four of them are scored at a time, so that a piece of the query is loaded once for the four, and their sums
 * make one vector in the end.
 *
 * A cosine is `inverse * (scale * (dot * multiplier) - constant)`: see whiten-rows.ts for the scale and the
 * inverse of a row, and query-vector.ts for the multiplier and the constant of a query.
 */
import { blockBytes, blockDimensions, firstOf, lastOf, lowHalfMask } from "./half-bytes";

/** [sum of a, sum of b, sum of c, sum of d] */
@inline
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Adds a block's products, of x + 128: sums may leave 32 bits on the way, and come back. */
@inline
function addBlock(sum: v128, upper: v128, lower: v128, query: usize, mask: v128): v128 {
  const first = firstOf(upper, lower, mask);
  const last = lastOf(upper, lower, mask);
  const firstProducts = i32x4.add(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(first), v128.load(query)),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(first), v128.load(query, 16)),
  );
  const lastProducts = i32x4.add(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(last), v128.load(query, 32)),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(last), v128.load(query, 48)),
  );
  return i32x4.add(sum, i32x4.add(firstProducts, lastProducts));
}

/** 128 times the sum of the query's elements: what products of x + 128 have too much. */
@inline
function excessOf(query: usize, stride: u32): v128 {
  let sums = i32x4.splat(0);
  for (const end = query + (<usize>stride << 1); query < end; query += 16) {
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(v128.load(query)));
  }
  return i32x4.shl(sumsOf(sums, sums, sums, sums), 7);
}

/** Dot products of the query with four rows, given by where they begin in either plane. */
@inline
function dotFour(
  upper: usize,
  lower: usize,
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  stride: u32,
  query: usize,
  mask: v128,
): v128 {
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  const rowBytes = stride >> 1;
  for (let at: usize = 0; at < rowBytes; at += blockBytes) {
    const uppers = upper + at;
    const lowers = lower + at;
    sum0 = addBlock(sum0, v128.load(uppers + row0), v128.load(lowers + row0), query, mask);
    sum1 = addBlock(sum1, v128.load(uppers + row1), v128.load(lowers + row1), query, mask);
    sum2 = addBlock(sum2, v128.load(uppers + row2), v128.load(lowers + row2), query, mask);
    sum3 = addBlock(sum3, v128.load(uppers + row3), v128.load(lowers + row3), query, mask);
    query += blockDimensions << 1;
  }
  return sumsOf(sum0, sum1, sum2, sum3);
}

@inline
function cosines(dots: v128, scales: v128, inverses: v128, multiplier: v128, constant: v128): v128 {
  const products = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(dots), multiplier), scales);
  return f32x4.mul(inverses, f32x4.sub(products, constant));
}

/**
 * Scores all rows. Behind the last one there must be 3 rows' worth of readable memory in either plane, and behind
 * `scales`, `inverses` and `scores` 12 bytes, the latter's to be overwritten.
 *
 * @param upper u8 x count x stride / 2, and so lower
 * @param query i16 x stride
 * @param scales f32 x count, and so inverses
 * @param scores f32 x count, written
 */
export function scoreRows(
  upper: usize,
  lower: usize,
  count: u32,
  stride: u32,
  query: usize,
  scales: usize,
  inverses: usize,
  multiplier: f32,
  constant: f32,
  scores: usize,
): void {
  const mask = lowHalfMask();
  const excess = excessOf(query, stride);
  const multipliers = f32x4.splat(multiplier);
  const constants = f32x4.splat(constant);
  const rowBytes = <usize>(stride >> 1);
  let row: usize = 0;
  for (const end = scores + (<usize>count << 2); scores < end; scores += 16) {
    const row1 = row + rowBytes;
    const row2 = row1 + rowBytes;
    const row3 = row2 + rowBytes;
    const sums = dotFour(upper, lower, row, row1, row2, row3, stride, query, mask);
    const dots = i32x4.sub(sums, excess);
    v128.store(scores, cosines(dots, v128.load(scales), v128.load(inverses), multipliers, constants));
    row = row3 + rowBytes;
    scales += 16;
    inverses += 16;
  }
}

@inline
function gather(values: usize, a: usize, b: usize, c: usize, d: usize): v128 {
  const ab = v128.load32_lane(values + (b << 2), v128.load32_zero(values + (a << 2)), 1);
  return v128.load32_lane(values + (d << 2), v128.load32_lane(values + (c << 2), ab, 2), 3);
}

/**
 * Scores the rows of a list, and leaves each one's score at its place among the scores of all rows.
 *
 * @param list u32 x count: numbers of rows, filled up to a multiple of four with any of them
 */
export function scoreRowsAt(
  list: usize,
  count: u32,
  upper: usize,
  lower: usize,
  stride: u32,
  query: usize,
  scales: usize,
  inverses: usize,
  multiplier: f32,
  constant: f32,
  scores: usize,
): void {
  const mask = lowHalfMask();
  const excess = excessOf(query, stride);
  const multipliers = f32x4.splat(multiplier);
  const constants = f32x4.splat(constant);
  const rowBytes = <usize>(stride >> 1);
  for (const end = list + (<usize>count << 2); list < end; list += 16) {
    const a = <usize>load<u32>(list);
    const b = <usize>load<u32>(list, 4);
    const c = <usize>load<u32>(list, 8);
    const d = <usize>load<u32>(list, 12);
    const sums = dotFour(
      upper,
      lower,
      a * rowBytes,
      b * rowBytes,
      c * rowBytes,
      d * rowBytes,
      stride,
      query,
      mask,
    );
    const dots = i32x4.sub(sums, excess);
    const scored = cosines(dots, gather(scales, a, b, c, d), gather(inverses, a, b, c, d), multipliers, constants);
    v128.store32_lane(scores + (a << 2), scored, 0);
    v128.store32_lane(scores + (b << 2), scored, 1);
    v128.store32_lane(scores + (c << 2), scored, 2);
    v128.store32_lane(scores + (d << 2), scored, 3);
  }
}
