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

/**
 * Finds the `wanted` highest of the scores whose bits are set and that are at least `minimum`, best first; of
 * equal ones those of the lower numbers.
 *
 * @param scores f32 x count, and 12 readable bytes
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
  let size: u32 = 0;
  // Numbers come in ascending order: once the heap is full, an equal score comes too late.
  let threshold = f32x4.splat(minimum);
  for (let i: u32 = 0; i < count; i += 64) {
    const word = wordOf(passing, i);
    if (word == 0) continue;
    for (let offset: u32 = 0; offset < 64 && i + offset < count; offset += 4) {
      const four = v128.load(scores + (<usize>(i + offset) << 2));
      const above = size == wanted ? f32x4.gt(four, threshold) : f32x4.ge(four, threshold);
      if (!v128.any_true(above)) continue;
      let mask = <u32>i32x4.bitmask(above) & <u32>(word >> offset) & 15;
      for (; mask != 0; mask &= mask - 1) {
        const number = i + offset + <u32>ctz(mask);
        const score = load<f32>(scores + (<usize>number << 2));
        if (size < wanted) siftUp(best, size++, score, number);
        else if (score > scoreAt(best, 0)) siftDown(best, size, score, number);
        if (size == wanted) threshold = f32x4.splat(scoreAt(best, 0));
      }
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
