/** The product of two dense matrices. */
import { laneSum } from "./rows";

/**
 * output[i, j] = sum over k of left[i, k] * right[j, k]: both are read along their rows.
 *
 * @param leftRows a multiple of 2 is fastest
 * @param rightRows a multiple of 4 is fastest
 * @param inner floats of a row of both, a multiple of 4
 * @param outputStride floats from one row of the output to the next
 */
export function productTransposed(
  left: usize,
  leftRows: u32,
  right: usize,
  rightRows: u32,
  inner: u32,
  output: usize,
  outputStride: u32,
): void {
  const rowBytes = inner << 2;
  const tiledRows = leftRows & ~1;
  const tiledColumns = rightRows & ~3;
  for (let j: u32 = 0; j < tiledColumns; j += 4) {
    for (let i: u32 = 0; i < tiledRows; i += 2) {
      tile(left + i * rowBytes, right + j * rowBytes, rowBytes, output + (((i * outputStride) + j) << 2), outputStride);
    }
  }
  for (let i: u32 = 0; i < leftRows; i++) {
    for (let j: u32 = i < tiledRows ? tiledColumns : 0; j < rightRows; j++) {
      let sum = f32x4.splat(0);
      for (let k: u32 = 0; k < rowBytes; k += 16) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(left + i * rowBytes + k), v128.load(right + j * rowBytes + k)));
      }
      store<f32>(output + ((i * outputStride + j) << 2), laneSum(sum));
    }
  }
}

/** Two rows by four: eight sums and six loads at a time stay within sixteen registers. */
@inline
function tile(left0: usize, right0: usize, rowBytes: u32, output: usize, outputStride: u32): void {
  const left1 = left0 + rowBytes;
  const right1 = right0 + rowBytes;
  const right2 = right1 + rowBytes;
  const right3 = right2 + rowBytes;
  let sum00 = f32x4.splat(0);
  let sum01 = sum00;
  let sum02 = sum00;
  let sum03 = sum00;
  let sum10 = sum00;
  let sum11 = sum00;
  let sum12 = sum00;
  let sum13 = sum00;
  for (let k: u32 = 0; k < rowBytes; k += 16) {
    const a0 = v128.load(left0 + k);
    const a1 = v128.load(left1 + k);
    const b0 = v128.load(right0 + k);
    sum00 = f32x4.add(sum00, f32x4.mul(a0, b0));
    sum10 = f32x4.add(sum10, f32x4.mul(a1, b0));
    const b1 = v128.load(right1 + k);
    sum01 = f32x4.add(sum01, f32x4.mul(a0, b1));
    sum11 = f32x4.add(sum11, f32x4.mul(a1, b1));
    const b2 = v128.load(right2 + k);
    sum02 = f32x4.add(sum02, f32x4.mul(a0, b2));
    sum12 = f32x4.add(sum12, f32x4.mul(a1, b2));
    const b3 = v128.load(right3 + k);
    sum03 = f32x4.add(sum03, f32x4.mul(a0, b3));
    sum13 = f32x4.add(sum13, f32x4.mul(a1, b3));
  }
  storeFour(output, sum00, sum01, sum02, sum03);
  storeFour(output + (outputStride << 2), sum10, sum11, sum12, sum13);
}

@inline
function storeFour(target: usize, sum0: v128, sum1: v128, sum2: v128, sum3: v128): void {
  store<f32>(target, laneSum(sum0));
  store<f32>(target, laneSum(sum1), 4);
  store<f32>(target, laneSum(sum2), 8);
  store<f32>(target, laneSum(sum3), 12);
}
