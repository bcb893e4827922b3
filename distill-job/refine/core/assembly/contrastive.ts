/** The contrastive loss of a batch and its gradient. */
import { productTransposed } from "./product";
import { dot, laneSum } from "./rows";

/**
 * InfoNCE (van den Oord, Li and Vinyals 2018, equation 4) of students against teachers: student i has to find
 * teacher i among the batch's, by the softmax of their cosines / temperature.
 *
 * @param students batch x width, of length 1
 * @param norms of the students before they were normalized
 * @param teachers batch x width, of length 1
 * @param teachersTransposed width x batch
 * @param from first student to work on
 * @param to the one after the last
 * @param batch number of students, a multiple of 4
 * @param scratch (to - from) x batch floats
 * @param gradients batch x width: the gradient of the batch's mean loss for the sums before normalization
 * @param losses batch floats: the loss of every student
 */
export function contrast(
  students: usize,
  norms: usize,
  teachers: usize,
  teachersTransposed: usize,
  from: u32,
  to: u32,
  batch: u32,
  width: u32,
  temperature: f32,
  scratch: usize,
  gradients: usize,
  losses: usize,
): void {
  const rowBytes = width << 2;
  const count = to - from;
  const first = students + from * rowBytes;
  productTransposed(first, count, teachers, batch, width, scratch, batch);
  for (let i: u32 = 0; i < count; i++) {
    const row = scratch + i * (batch << 2);
    store<f32>(losses + ((from + i) << 2), softmaxLoss(row, batch, from + i, temperature));
  }
  productTransposed(scratch, count, teachersTransposed, width, batch, gradients + from * rowBytes, width);
  for (let i = from; i < to; i++) {
    const factor: f32 = <f32>1 / (temperature * <f32>batch * load<f32>(norms + (i << 2)));
    throughNormalization(gradients + i * rowBytes, students + i * rowBytes, factor, width);
  }
}

/** Turns cosines into probabilities less 1 for the right answer: the gradient; returns -log(probability). */
function softmaxLoss(row: usize, batch: u32, answer: u32, temperature: f32): f32 {
  const rowBytes = batch << 2;
  const scale = f32x4.splat(1 / temperature);
  let largest = f32x4.splat(-f32.MAX_VALUE);
  for (let at: u32 = 0; at < rowBytes; at += 16) {
    const scaled = f32x4.mul(v128.load(row + at), scale);
    v128.store(row + at, scaled);
    largest = f32x4.max(largest, scaled);
  }
  const top = max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
  const right = load<f32>(row + (answer << 2)) - top;
  const tops = f32x4.splat(top);
  let sums = f32x4.splat(0);
  for (let at: u32 = 0; at < rowBytes; at += 16) {
    const power = exponential(f32x4.sub(v128.load(row + at), tops));
    v128.store(row + at, power);
    sums = f32x4.add(sums, power);
  }
  const sum = laneSum(sums);
  const share = f32x4.splat(1 / sum);
  for (let at: u32 = 0; at < rowBytes; at += 16) v128.store(row + at, f32x4.mul(v128.load(row + at), share));
  const own = row + (answer << 2);
  store<f32>(own, load<f32>(own) - 1);
  return Mathf.log(sum) - right;
}

/** The gradient of x = s / |s| is (g - x (x . g)) / |s|. */
function throughNormalization(gradient: usize, student: usize, factor: f32, width: u32): void {
  const along = f32x4.splat(dot(gradient, student, width));
  const factors = f32x4.splat(factor);
  for (let at: u32 = 0; at < width << 2; at += 16) {
    const across = f32x4.sub(v128.load(gradient + at), f32x4.mul(along, v128.load(student + at)));
    v128.store(gradient + at, f32x4.mul(across, factors));
  }
}

/**
 * e to the power of four values, none above 0: 2^n x e^r with |r| at most ln 2 / 2, where the Taylor series to
 * the sixth power is exact to 2e-7. Below -87 it gives the smallest normal float.
 */
@inline
function exponential(x: v128): v128 {
  const bounded = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504)));
  // ln 2 in two parts: n times the first is exact.
  const r = f32x4.sub(
    f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375))),
    f32x4.mul(n, f32x4.splat(-2.12194440e-4)),
  );
  let sum = f32x4.splat(1 / 720.0);
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1 / 120.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1 / 24.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1 / 6.0));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(sum, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(sum, power);
}
