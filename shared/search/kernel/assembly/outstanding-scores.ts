/** The highest and the lowest of many scores, found by counting instead of by order: a sample says where they begin. */
import { wordOf } from "./bitmap";

/**
 * Counts scores by size: adds 1 to element `(score - least) * binsPerUnit` of the histogram, the first or the
 * last one if it is outside, for the first of every `every` words of 64 scores.
 *
 * @param scores f32 x count
 * @param passing bitmap of the scores that matter
 * @param histogram u32 x bins
 * @returns how many scores were counted
 */
export function countScores(
  scores: usize,
  passing: usize,
  count: u32,
  every: u32,
  least: f32,
  binsPerUnit: f32,
  bins: u32,
  histogram: usize,
): u32 {
  let counted: u32 = 0;
  const last = <f32>(bins - 1);
  for (let i: u32 = 0; i < count; i += 64 * every) {
    for (let word = wordOf(passing, i); word != 0; word &= word - 1) {
      const score = load<f32>(scores + ((<usize>i + <usize>ctz(word)) << 2));
      const bin = <usize>max<f32>(0, min<f32>(last, (score - least) * binsPerUnit));
      const at = histogram + (bin << 2);
      store<u32>(at, load<u32>(at) + 1);
      counted++;
    }
  }
  return counted;
}

/**
 * Marks the scores that pass and are at least `high`, or at most `low`.
 *
 * @param scores f32 x count, and readable up to a multiple of 64
 * @param marked bitmap, written
 * @returns how many are marked
 */
export function markOutstanding(
  scores: usize,
  passing: usize,
  count: u32,
  low: f32,
  high: f32,
  marked: usize,
): u32 {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  let total: u64 = 0;
  for (let i: u32 = 0; i < count; i += 64) {
    const word = wordOf(passing, i);
    let found: u64 = 0;
    if (word != 0) {
      const at = scores + (<usize>i << 2);
      for (let offset: u32 = 0; offset < 64; offset += 8) {
        const first = v128.load(at + (offset << 2));
        const second = v128.load(at + (offset << 2), 16);
        const either0 = v128.or(f32x4.ge(first, highs), f32x4.le(first, lows));
        const either1 = v128.or(f32x4.ge(second, highs), f32x4.le(second, lows));
        if (!v128.any_true(v128.or(either0, either1))) continue;
        const bits = <u64>i32x4.bitmask(either0) | (<u64>i32x4.bitmask(either1) << 4);
        found |= bits << offset;
      }
      found &= word;
      total += popcnt(found);
    }
    store<u64>(marked + ((<usize>i >> 6) << 3), found);
  }
  return <u32>total;
}
