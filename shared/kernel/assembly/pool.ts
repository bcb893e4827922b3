/**
 * Pooling: the weighted rows of a text's tokens, summed, and the sum divided by the number of tokens or
 * by its own length.
 *
 * int8 rows are summed in integers. The scales of the rows become 15-bit fractions of the largest among
 * them, two rows at a time are multiplied and added by one instruction per four dimensions, and only the
 * sums become floating point. The error of a weight, 1/65534 of the largest, is below that of the int8
 * values themselves, and integer sums are the same on every machine.
 */
import { accumulator, output, poolChunkTokens, rowPointers, rowWeights } from "./scratch";
import { dimensions, embeddings, rows, rowsAreFloat32, scales } from "./tables";

/** Largest fixed-point weight: 512 products with int8 values stay within 31 bits. */
const weightOne: f32 = 32767;

/** Bytes that the inner loop takes of a row at once: eight sums of four dimensions stay in registers. */
const blockBytes: u32 = 32;

/** Sums `pairs` pairs of rows over 32 dimensions from `offset` on into the accumulator. */
@inline
function sumBlock(offset: u32, pairs: u32, first: bool): void {
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let sum4 = sum0;
  let sum5 = sum0;
  let sum6 = sum0;
  let sum7 = sum0;
  for (let pair: u32 = 0; pair < pairs; pair++) {
    const pointers = load<u64>(rowPointers + (pair << 3));
    const left = <usize>pointers + offset;
    const right = <usize>(pointers >> 32) + offset;
    const weights = v128.load32_splat(rowWeights + (pair << 2));
    const left0 = v128.load(left);
    const right0 = v128.load(right);
    const low0 = v128.shuffle<i8>(left0, right0, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high0 = v128.shuffle<i8>(left0, right0, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low0), weights));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low0), weights));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high0), weights));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high0), weights));
    const left1 = v128.load(left, 16);
    const right1 = v128.load(right, 16);
    const low1 = v128.shuffle<i8>(left1, right1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high1 = v128.shuffle<i8>(left1, right1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    sum4 = i32x4.add(sum4, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(low1), weights));
    sum5 = i32x4.add(sum5, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(low1), weights));
    sum6 = i32x4.add(sum6, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(high1), weights));
    sum7 = i32x4.add(sum7, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(high1), weights));
  }
  const target = accumulator + (offset << 2);
  keepSum(target, sum0, first);
  keepSum(target + 16, sum1, first);
  keepSum(target + 32, sum2, first);
  keepSum(target + 48, sum3, first);
  keepSum(target + 64, sum4, first);
  keepSum(target + 80, sum5, first);
  keepSum(target + 96, sum6, first);
  keepSum(target + 112, sum7, first);
}

@inline
function keepSum(target: usize, sum: v128, first: bool): void {
  const converted = f32x4.convert_i32x4_s(sum);
  v128.store(target, first ? converted : f32x4.add(v128.load(target), converted));
}

/** The address of an id's row; an id that a hostile file made up traps. */
@inline
function rowAddress(id: u32, rowBytes: u32): usize {
  if (id >= rows) unreachable();
  return embeddings + <usize>id * rowBytes;
}

/** Leaves the sum of the int8 rows in the accumulator; returns the factor that makes it the sum of scaled rows. */
function sumInt8(tokens: usize, count: u32, width: u32): f32 {
  let largest: f32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const id = load<u32>(tokens + (i << 2));
    if (id >= rows) unreachable();
    largest = max(largest, load<f32>(scales + (<usize>id << 2)));
  }
  const unit: f32 = largest > 0 ? weightOne / largest : 0;
  for (let from: u32 = 0; from < count; from += poolChunkTokens) {
    const tokensHere = min(count - from, poolChunkTokens);
    for (let i: u32 = 0; i < tokensHere; i++) {
      const id = load<u32>(tokens + ((from + i) << 2));
      store<u32>(rowPointers + (i << 2), rowAddress(id, dimensions));
      store<i16>(rowWeights + (i << 1), <i16>nearest(load<f32>(scales + (<usize>id << 2)) * unit));
    }
    // An odd row out is paired with itself at weight zero.
    if (tokensHere & 1) {
      store<u32>(rowPointers + (tokensHere << 2), load<u32>(rowPointers + ((tokensHere - 1) << 2)));
      store<i16>(rowWeights + (tokensHere << 1), 0);
    }
    const pairs = (tokensHere + 1) >> 1;
    for (let offset: u32 = 0; offset < width; offset += blockBytes) sumBlock(offset, pairs, from == 0);
  }
  return largest / weightOne;
}

/** Leaves the sum of the float32 rows in the accumulator, added in the order of the tokens. */
function sumFloat32(tokens: usize, count: u32, width: u32): void {
  const rowBytes = dimensions << 2;
  for (let offset: u32 = 0; offset < width << 2; offset += 16) {
    let sum = f32x4.splat(0);
    for (let i: u32 = 0; i < count; i++) {
      sum = f32x4.add(sum, v128.load(rowAddress(load<u32>(tokens + (i << 2)), rowBytes) + offset));
    }
    v128.store(accumulator + offset, sum);
  }
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
 * Leaves in `output` the mean of the rows of `count` tokens over the first `width` dimensions, divided by
 * its L2 norm if `normalize` is set. No tokens give zeros.
 */
export function pool(tokens: usize, count: u32, width: u32, normalize: bool): void {
  if (count == 0) {
    memory.fill(output, 0, width << 2);
    return;
  }
  let factor: f32 = 1;
  if (rowsAreFloat32) sumFloat32(tokens, count, width);
  else factor = sumInt8(tokens, count, width);
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
