/**
 * Pooling: the weighted rows of a text's tokens, summed, and the sum divided by the number of tokens or
 * by its own length.
 *
 * Rows with scales are summed in integers. The scales become 15-bit fractions of the largest among them,
 * and only the sums become floating point. The error of a weight, 1/65534 of the largest, is below that of the int8
 * values themselves, and integer sums are the same on every machine.
 */
import { rowTypeFloat32 } from "../model-descriptor";
import { keepDistinctTokens } from "./distinct-tokens";
import { sumRows } from "./row-sums";
import { accumulator, output, poolChunkTokens, rowPointers, rowWeights } from "./scratch";
import {
  embeddings,
  mapping,
  poolingWindow,
  rowBytes,
  rows,
  rowType,
  scales,
  vocabularySize,
  weights,
} from "./tables";

/** Largest fixed-point weight: 512 products with int8 values stay within 31 bits. */
const weightOne: f32 = 32767;

/** The row of an id; an id or a mapping that a hostile file made up traps. */
@inline
function rowOf(mapped: bool, id: u32): u32 {
  if (!mapped) {
    if (id >= rows) unreachable();
    return id;
  }
  if (id >= vocabularySize) unreachable();
  const row = load<u32>(mapping + (<usize>id << 2));
  if (row >= rows) unreachable();
  return row;
}

@inline
function rowAddress(row: u32): usize {
  return embeddings + <usize>row * rowBytes;
}

/** What a token's row is multiplied by. */
@inline
function scaleOf(mapped: bool, id: u32, row: u32): f32 {
  const scale = load<f32>(scales + (<usize>row << 2));
  return mapped ? scale * load<f32>(weights + (<usize>id << 2)) : scale;
}

/** `mapped` is known where each loop is compiled, so that no loop asks for it. */
@inline
function sumScaledRowsOf(mapped: bool, tokens: usize, count: u32, width: u32): f32 {
  let largest: f32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const id = load<u32>(tokens + (i << 2));
    const scale = scaleOf(mapped, id, rowOf(mapped, id));
    // Scales are not negative; weights may be.
    largest = max(largest, mapped ? abs(scale) : scale);
  }
  const unit: f32 = largest > 0 ? weightOne / largest : 0;
  for (let from: u32 = 0; from < count; from += poolChunkTokens) {
    const tokensHere = min(count - from, poolChunkTokens);
    for (let i: u32 = 0; i < tokensHere; i++) {
      const id = load<u32>(tokens + ((from + i) << 2));
      const row = rowOf(mapped, id);
      store<u32>(rowPointers + (i << 2), rowAddress(row));
      store<i16>(rowWeights + (i << 1), <i16>nearest(scaleOf(mapped, id, row) * unit));
    }
    // An odd row out is paired with itself at weight zero.
    if (tokensHere & 1) {
      store<u32>(rowPointers + (tokensHere << 2), load<u32>(rowPointers + ((tokensHere - 1) << 2)));
      store<i16>(rowWeights + (tokensHere << 1), 0);
    }
    sumRows(rowType, width, (tokensHere + 1) >> 1, from == 0);
  }
  return largest / weightOne;
}

/** Leaves the sum of rows with scales in the accumulator; returns the factor that makes it the sum of scaled rows. */
function sumScaledRows(tokens: usize, count: u32, width: u32): f32 {
  if (!mapping) return sumScaledRowsOf(false, tokens, count, width);
  return sumScaledRowsOf(true, tokens, count, width);
}

@inline
function sumFloat32Of(mapped: bool, tokens: usize, count: u32, width: u32): void {
  for (let offset: u32 = 0; offset < width << 2; offset += 16) {
    let sum = f32x4.splat(0);
    for (let i: u32 = 0; i < count; i++) {
      const id = load<u32>(tokens + (i << 2));
      const values = v128.load(rowAddress(rowOf(mapped, id)) + offset);
      const weighted = mapped ? f32x4.mul(values, v128.load32_splat(weights + (<usize>id << 2))) : values;
      sum = f32x4.add(sum, weighted);
    }
    v128.store(accumulator + offset, sum);
  }
}

/** Leaves the sum of the float32 rows in the accumulator, added in the order of the tokens. */
function sumFloat32(tokens: usize, count: u32, width: u32): void {
  if (!mapping) sumFloat32Of(false, tokens, count, width);
  else sumFloat32Of(true, tokens, count, width);
}

/** Sum of the squares of the first `width` sums. */
function squaredLength(width: u32): f64 {
  let squares = f32x4.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= width; i += 4) {
    const values = v128.load(accumulator + (i << 2));
    squares = f32x4.add(squares, f32x4.mul(values, values));
  }
  let total =
    <f64>f32x4.extract_lane(squares, 0) +
    <f64>f32x4.extract_lane(squares, 1) +
    <f64>f32x4.extract_lane(squares, 2) +
    <f64>f32x4.extract_lane(squares, 3);
  for (; i < width; i++) {
    const value = <f64>load<f32>(accumulator + (i << 2));
    total += value * value;
  }
  return total;
}

/**
 * Leaves in `output` the mean of the rows of the tokens that count over the first `width` dimensions,
 * divided by its L2 norm if `normalize` is set. No tokens give zeros. Where each distinct token of a window
 * counts once, the ids at `tokens` are overwritten.
 */
export function pool(tokens: usize, tokenCount: u32, width: u32, normalize: bool): void {
  const count = poolingWindow ? keepDistinctTokens(tokens, tokenCount, poolingWindow) : tokenCount;
  if (count == 0) {
    memory.fill(output, 0, width << 2);
    return;
  }
  let factor: f32 = 1;
  if (rowType == rowTypeFloat32) sumFloat32(tokens, count, width);
  else factor = sumScaledRows(tokens, count, width);
  if (normalize) {
    // Model2Vec divides the mean by (its norm + 1e-32); the mean's factors cancel, and zero stays zero.
    const norm = sqrt(squaredLength(width));
    factor = norm > 0 ? <f32>(1 / norm) : 0;
  } else {
    factor /= <f32>count;
  }
  const factors = f32x4.splat(factor);
  for (let offset: u32 = 0; offset < width << 2; offset += 16) {
    v128.store(output + offset, f32x4.mul(v128.load(accumulator + offset), factors));
  }
}
