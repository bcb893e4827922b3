/**
 * Cosines of rows of two bits a dimension with a query: sign and, in a plane of its own, whether the level is the
 * outer one.
 */

/** Rows of a block of signs (score-signs.ts). */
const blockRows: usize = 32;

/** All ones in lane i where bit i is set. */
@inline
function lanesOf(bits: u32): v128 {
  const lanes = i32x4(1, 2, 4, 8);
  return i32x4.eq(v128.and(i32x4.splat(bits), lanes), lanes);
}

/** What four dimensions add: the query's elements, made larger where the level is the outer one, with the sign. */
@inline
function addFour(sum: v128, query: v128, growth: v128, signs: u32, outer: u32): v128 {
  const factor = v128.bitselect(growth, f32x4.splat(1), lanesOf(outer));
  const flipped = v128.xor(query, v128.and(lanesOf(signs), i32x4.splat(<i32>0x8000_0000)));
  return f32x4.add(sum, f32x4.mul(flipped, factor));
}

/**
 * Scores the rows of a list, and leaves each one's score at its place among the scores of all rows.
 *
 * @param list u32 x count: numbers of rows
 * @param signs u8 x blocks x rowBytes x 32
 * @param outer u8 x rows x rowBytes
 * @param rowBytes bytes of a row in either plane
 * @param query f32 x rowBytes x 8, times the inner level
 * @param growth outer level over inner level
 * @param scales f32 x rows
 * @param scores f32 x rows
 */
export function scoreLevelsAt(
  list: usize,
  count: u32,
  signs: usize,
  outer: usize,
  rowBytes: u32,
  query: usize,
  growth: f32,
  scales: usize,
  scores: usize,
): void {
  const growths = f32x4.splat(growth);
  const end = list + (<usize>count << 2);
  for (; list < end; list += 4) {
    const row = <usize>load<u32>(list);
    let sign = signs + (row / blockRows) * rowBytes * blockRows + (row % blockRows);
    const level = outer + row * rowBytes;
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    for (let i: u32 = 0; i < rowBytes; i++) {
      const signBits = <u32>load<u8>(sign);
      const outerBits = <u32>load<u8>(level + i);
      const part = query + (<usize>i << 5);
      sum0 = addFour(sum0, v128.load(part), growths, signBits, outerBits);
      sum1 = addFour(sum1, v128.load(part, 16), growths, signBits >> 4, outerBits >> 4);
      sign += blockRows;
    }
    const sums = f32x4.add(sum0, sum1);
    const sum =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    store<f32>(scores + (row << 2), sum * load<f32>(scales + (row << 2)));
  }
}
