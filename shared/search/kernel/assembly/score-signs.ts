/**
 * Nearly the cosines of rows with a query, from the signs of their dimensions alone, by looking up what four
 * dimensions at a time add.
 *
 * Signs are in blocks of 32 rows: for every eight dimensions 32 bytes, one for each row, four dimensions in its
 * low half and four in its high half. A half byte is a place in a table of 16, and one instruction looks 16 rows
 * up (André, Kermarrec and Le Scouarnec 2015, "Cache locality is not enough: High-Performance Nearest Neighbor
 * Search with Product Quantization Fast Scan").
 */

/** Rows of a block. */
const blockRows: u32 = 32;

/** What four tables have for 16 rows. Tables hold 63 at most, so that four fit a byte. */
@inline
function lookUp(tables: usize, first: v128, second: v128): v128 {
  const mask = i8x16.splat(15);
  const sum0 = i8x16.add(
    i8x16.swizzle(v128.load(tables), v128.and(first, mask)),
    i8x16.swizzle(v128.load(tables, 16), v128.and(i16x8.shr_u(first, 4), mask)),
  );
  const sum1 = i8x16.add(
    i8x16.swizzle(v128.load(tables, 32), v128.and(second, mask)),
    i8x16.swizzle(v128.load(tables, 48), v128.and(i16x8.shr_u(second, 4), mask)),
  );
  return i8x16.add(sum0, sum1);
}

/** sum x step + base, of eight rows. */
@inline
function storeEight(sums: v128, step: v128, base: v128, scores: usize): void {
  const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(sums));
  const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(sums));
  v128.store(scores, f32x4.add(f32x4.mul(low, step), base));
  v128.store(scores, f32x4.add(f32x4.mul(high, step), base), 16);
}

/** What was read ahead: kept, so that it is read. */
let touched: u32 = 0;

/**
 * Scores the rows of every block of which a row's bit is set.
 *
 * @param signs u8 x blocks x rowBytes x 32, and behind them `ahead` readable bytes
 * @param count rows; those of the last block are all written
 * @param rowBytes bytes of a row, an even number
 * @param tables u8 x rowBytes x 2 x 16; four of their largest elements are no more than 255
 * @param rowBits bitmap of the rows that matter; 0 for all of them
 * @param scores f32 x blocks x 32, written
 * @param ahead bytes that the signs are touched ahead of their use: processors fetch ahead by themselves, but not
 *   past the end of a page, which costs half of the time where memory is far away
 */
export function scoreSigns(
  signs: usize,
  count: u32,
  rowBytes: u32,
  tables: usize,
  rowBits: usize,
  step: f32,
  base: f32,
  scores: usize,
  ahead: u32,
): void {
  const steps = f32x4.splat(step);
  const bases = f32x4.splat(base);
  const blockBytes = rowBytes * blockRows;
  const tablesEnd = tables + (rowBytes << 5);
  let touch: u32 = 0;
  for (let row: u32 = 0; row < count; row += blockRows) {
    if (rowBits == 0 || load<u32>(rowBits + (row >> 3)) != 0) {
      let sum0 = i16x8.splat(0);
      let sum1 = sum0;
      let sum2 = sum0;
      let sum3 = sum0;
      let at = signs;
      for (let table = tables; table < tablesEnd; table += 64) {
        touch ^= load<u32>(at + ahead);
        const left = lookUp(table, v128.load(at), v128.load(at, 32));
        const right = lookUp(table, v128.load(at, 16), v128.load(at, 48));
        sum0 = i16x8.add(sum0, i16x8.extend_low_i8x16_u(left));
        sum1 = i16x8.add(sum1, i16x8.extend_high_i8x16_u(left));
        sum2 = i16x8.add(sum2, i16x8.extend_low_i8x16_u(right));
        sum3 = i16x8.add(sum3, i16x8.extend_high_i8x16_u(right));
        at += 64;
      }
      storeEight(sum0, steps, bases, scores);
      storeEight(sum1, steps, bases, scores + 32);
      storeEight(sum2, steps, bases, scores + 64);
      storeEight(sum3, steps, bases, scores + 96);
    }
    signs += blockBytes;
    scores += 128;
  }
  touched = touch;
}
