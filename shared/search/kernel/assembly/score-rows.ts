/**
 * Cosines of int8 rows with a query of 16-bit integers.
 *
 * Rows are of `stride` bytes, a multiple of 16, zeros behind their last dimension. Four of them are scored at a
 * time, so that a piece of the query is loaded once for the four, and their sums make one vector in the end.
 *
 * A cosine is `inverse * (scale * (dot * multiplier) - constant)`: see whiten-rows.ts for the scale and the
 * inverse of a row, and query-vector.ts for the multiplier and the constant of a query.
 */

/** The stride whose loop has its offsets written into the instructions: 256 dimensions, the default model's. */
const commonStride: u32 = 256;

/** [sum of a, sum of b, sum of c, sum of d] */
@inline
function sumsOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Dot products of the query with four rows. */
@inline
function dotFour(row0: usize, row1: usize, row2: usize, row3: usize, stride: u32, query: usize): v128 {
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (let at: u32 = 0; at < stride; at += 16) {
    const low = v128.load(query + (at << 1));
    const high = v128.load(query + (at << 1), 16);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(row0 + at), low));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(row1 + at), low));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(row2 + at), low));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(row3 + at), low));
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(row0 + at, 8), high));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(row1 + at, 8), high));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(row2 + at, 8), high));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(row3 + at, 8), high));
  }
  return sumsOf(sum0, sum1, sum2, sum3);
}

/** The same for four rows of the common stride, one behind the other. */
@inline
function dotFourCommon(rows: usize, query: usize): v128 {
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (let at: u32 = 0; at < commonStride; at += 32) {
    const row = rows + at;
    const part = query + (at << 1);
    const query0 = v128.load(part);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(row), query0));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(row, 256), query0));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(row, 512), query0));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(row, 768), query0));
    const query1 = v128.load(part, 16);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(row, 8), query1));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(row, 264), query1));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(row, 520), query1));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(row, 776), query1));
    const query2 = v128.load(part, 32);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(row, 16), query2));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(row, 272), query2));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(row, 528), query2));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(row, 784), query2));
    const query3 = v128.load(part, 48);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(row, 24), query3));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(row, 280), query3));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(row, 536), query3));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(row, 792), query3));
  }
  return sumsOf(sum0, sum1, sum2, sum3);
}

@inline
function cosines(dots: v128, scales: v128, inverses: v128, multiplier: v128, constant: v128): v128 {
  const products = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(dots), multiplier), scales);
  return f32x4.mul(inverses, f32x4.sub(products, constant));
}

/**
 * Scores all rows. Behind the last one there must be 3 rows' worth of readable memory, and behind `scales`,
 * `inverses` and `scores` 12 bytes, the latter's to be overwritten.
 *
 * @param rows i8 x count x stride
 * @param query i16 x stride
 * @param scales f32 x count, and so inverses
 * @param scores f32 x count, written
 */
export function scoreRows(
  rows: usize,
  count: u32,
  stride: u32,
  query: usize,
  scales: usize,
  inverses: usize,
  multiplier: f32,
  constant: f32,
  scores: usize,
): void {
  const multipliers = f32x4.splat(multiplier);
  const constants = f32x4.splat(constant);
  const end = scores + (<usize>count << 2);
  for (; scores < end; scores += 16) {
    const dots =
      stride == commonStride
        ? dotFourCommon(rows, query)
        : dotFour(rows, rows + stride, rows + stride * 2, rows + stride * 3, stride, query);
    v128.store(scores, cosines(dots, v128.load(scales), v128.load(inverses), multipliers, constants));
    rows += stride << 2;
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
  rows: usize,
  stride: u32,
  query: usize,
  scales: usize,
  inverses: usize,
  multiplier: f32,
  constant: f32,
  scores: usize,
): void {
  const multipliers = f32x4.splat(multiplier);
  const constants = f32x4.splat(constant);
  const end = list + (<usize>count << 2);
  for (; list < end; list += 16) {
    const a = <usize>load<u32>(list);
    const b = <usize>load<u32>(list, 4);
    const c = <usize>load<u32>(list, 8);
    const d = <usize>load<u32>(list, 12);
    const dots = dotFour(
      rows + a * stride,
      rows + b * stride,
      rows + c * stride,
      rows + d * stride,
      stride,
      query,
    );
    const scored = cosines(dots, gather(scales, a, b, c, d), gather(inverses, a, b, c, d), multipliers, constants);
    v128.store32_lane(scores + (a << 2), scored, 0);
    v128.store32_lane(scores + (b << 2), scored, 1);
    v128.store32_lane(scores + (c << 2), scored, 2);
    v128.store32_lane(scores + (d << 2), scored, 3);
  }
}
