/** Least and highest scores, and sums of two scores brought to the same range. */
import { wordOf } from "./bitmap";

let least = f32x4.splat(Infinity);
let most = f32x4.splat(-Infinity);

/** Begins a search for the least and the highest score. */
export function beginRange(): void {
  least = f32x4.splat(Infinity);
  most = f32x4.splat(-Infinity);
}

/** Takes in the scores (f32 x count) whose bits are set. */
export function extendRange(scores: usize, passing: usize, count: u32): void {
  let low = least;
  let high = most;
  for (let i: u32 = 0; i < count; i += 64) {
    let word = wordOf(passing, i);
    let at = scores + (<usize>i << 2);
    if (word == 0xffff_ffff_ffff_ffff) {
      for (const end = at + 256; at < end; at += 16) {
        const four = v128.load(at);
        low = f32x4.pmin(low, four);
        high = f32x4.pmax(high, four);
      }
    } else {
      for (; word != 0; word &= word - 1) {
        const one = v128.load32_splat(at + (<usize>ctz(word) << 2));
        low = f32x4.pmin(low, one);
        high = f32x4.pmax(high, one);
      }
    }
  }
  least = low;
  most = high;
}

export function leastScore(): f32 {
  return min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
}

export function mostScore(): f32 {
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/**
 * `first * (x - firstLeast) + second * (y - secondLeast)` for all scores x and y, f32 x count each; behind them
 * there must be 12 bytes, those of `fused` to be overwritten.
 */
export function fuseScores(
  firstScores: usize,
  secondScores: usize,
  count: u32,
  first: f32,
  firstLeast: f32,
  second: f32,
  secondLeast: f32,
  fused: usize,
): void {
  for (const end = fused + (<usize>count << 2); fused < end; fused += 16) {
    const left = f32x4.mul(f32x4.splat(first), f32x4.sub(v128.load(firstScores), f32x4.splat(firstLeast)));
    const right = f32x4.mul(f32x4.splat(second), f32x4.sub(v128.load(secondScores), f32x4.splat(secondLeast)));
    v128.store(fused, f32x4.add(left, right));
    firstScores += 16;
    secondScores += 16;
  }
}
