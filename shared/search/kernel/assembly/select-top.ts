/**
 * The highest scores: a heap whose root is the worst of those kept. Nearly all scores are below it, and four at
 * a time are found to be so.
 */
import { wordOf } from "./bitmap";

/** Bytes of a kept score: f32 score, u32 number. */
const itemBytes: u32 = 8;

@inline
function scoreAt(heap: usize, i: u32): f32 {
  return load<f32>(heap + <usize>i * itemBytes);
}

@inline
function numberAt(heap: usize, i: u32): u32 {
  return load<u32>(heap + <usize>i * itemBytes, 4);
}

@inline
function put(heap: usize, i: u32, score: f32, number: u32): void {
  store<f32>(heap + <usize>i * itemBytes, score);
  store<u32>(heap + <usize>i * itemBytes, number, 4);
}

/** Whether the first comes after the second: a lower score, or of equal ones the higher number. */
@inline
function isWorse(score: f32, number: u32, otherScore: f32, otherNumber: u32): bool {
  return score < otherScore || (score == otherScore && number > otherNumber);
}

function siftUp(heap: usize, i: u32, score: f32, number: u32): void {
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!isWorse(score, number, scoreAt(heap, parent), numberAt(heap, parent))) break;
    put(heap, i, scoreAt(heap, parent), numberAt(heap, parent));
    i = parent;
  }
  put(heap, i, score, number);
}

function siftDown(heap: usize, size: u32, score: f32, number: u32): void {
  let i: u32 = 0;
  for (let child: u32 = 1; child < size; child = i * 2 + 1) {
    const right = child + 1;
    if (
      right < size &&
      isWorse(scoreAt(heap, right), numberAt(heap, right), scoreAt(heap, child), numberAt(heap, child))
    ) {
      child = right;
    }
    if (!isWorse(scoreAt(heap, child), numberAt(heap, child), score, number)) break;
    put(heap, i, scoreAt(heap, child), numberAt(heap, child));
    i = child;
  }
  put(heap, i, score, number);
}

/** Bits up to which the scores of a word are looked at one by one. */
const fewBits = 8;
/** Scores that are compared with the threshold before a branch. */
const scoresAtOnce: u32 = 16;

/** The heap's size, and the score that others must be above, or at least, to get in. */
let size: u32 = 0;
let threshold: f32 = 0;

/** Offers scores of one word of the bitmap to the heap, in ascending order. @param bits those of them to look at */
function offer(scores: usize, first: u32, bits: u64, wanted: u32, best: usize): void {
  for (; bits != 0; bits &= bits - 1) {
    const number = first + <u32>ctz(bits);
    const score = load<f32>(scores + (<usize>number << 2));
    if (size < wanted) {
      if (score >= threshold) siftUp(best, size++, score, number);
    } else if (score > threshold) siftDown(best, size, score, number);
    if (size == wanted) threshold = scoreAt(best, 0);
  }
}

/** A bit for each of 16 scores: whether it is at least the threshold. */
@inline
function atLeast(scores: usize, thresholds: v128): v128 {
  const first = f32x4.ge(v128.load(scores), thresholds);
  const second = f32x4.ge(v128.load(scores, 16), thresholds);
  const third = f32x4.ge(v128.load(scores, 32), thresholds);
  const fourth = f32x4.ge(v128.load(scores, 48), thresholds);
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(first, second), i16x8.narrow_i32x4_s(third, fourth));
}

/**
 * Finds the `wanted` highest of the scores whose bits are set and that are at least `minimum`, best first; of
 * equal ones those of the lower numbers.
 *
 * @param scores f32 x count, and up to a multiple of 64 readable
 * @param best (f32 score, u32 number) x wanted, written
 * @returns how many there are
 */
export function selectTop(
  scores: usize,
  passing: usize,
  count: u32,
  wanted: u32,
  minimum: f32,
  best: usize,
): u32 {
  if (wanted == 0) return 0;
  size = 0;
  threshold = minimum;
  for (let i: u32 = 0; i < count; i += 64) {
    const word = wordOf(passing, i);
    if (<i32>popcnt(word) <= fewBits) {
      offer(scores, i, word, wanted, best);
      continue;
    }
    for (let offset: u32 = 0; offset < 64; offset += scoresAtOnce) {
      const above = atLeast(scores + (<usize>(i + offset) << 2), f32x4.splat(threshold));
      if (!v128.any_true(above)) continue;
      const bits = <u64>i8x16.bitmask(above) << offset;
      offer(scores, i, bits & word, wanted, best);
    }
  }
  const found = size;
  while (size > 1) {
    size--;
    const score = scoreAt(best, size);
    const number = numberAt(best, size);
    put(best, size, scoreAt(best, 0), numberAt(best, 0));
    siftDown(best, size, score, number);
  }
  return found;
}
