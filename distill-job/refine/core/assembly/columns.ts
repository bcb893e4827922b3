/** Operations on the columns of dense matrices, each with a factor of its own: `factors` has `width` floats. */

/** output[column] = sum over rows `from` to before `to` of left x right. */
export function columnProducts(left: usize, right: usize, from: u32, to: u32, width: u32, output: usize): void {
  const rowBytes = width << 2;
  for (let at: u32 = 0; at < rowBytes; at += 16) v128.store(output + at, f32x4.splat(0));
  for (let row = from; row < to; row++) {
    const offset = <usize>row * rowBytes;
    for (let at: u32 = 0; at < rowBytes; at += 16) {
      const product = f32x4.mul(v128.load(left + offset + at), v128.load(right + offset + at));
      v128.store(output + at, f32x4.add(v128.load(output + at), product));
    }
  }
}

/** target += factor x source. */
export function addColumnMultiples(
  target: usize,
  source: usize,
  factors: usize,
  from: u32,
  to: u32,
  width: u32,
): void {
  const rowBytes = width << 2;
  for (let row = from; row < to; row++) {
    const offset = <usize>row * rowBytes;
    for (let at: u32 = 0; at < rowBytes; at += 16) {
      const multiple = f32x4.mul(v128.load(factors + at), v128.load(source + offset + at));
      v128.store(target + offset + at, f32x4.add(v128.load(target + offset + at), multiple));
    }
  }
}

/** target = source + factor x target. */
export function addToColumnMultiples(
  target: usize,
  source: usize,
  factors: usize,
  from: u32,
  to: u32,
  width: u32,
): void {
  const rowBytes = width << 2;
  for (let row = from; row < to; row++) {
    const offset = <usize>row * rowBytes;
    for (let at: u32 = 0; at < rowBytes; at += 16) {
      const multiple = f32x4.mul(v128.load(factors + at), v128.load(target + offset + at));
      v128.store(target + offset + at, f32x4.add(v128.load(source + offset + at), multiple));
    }
  }
}

/** target = source, each row times a factor of its own: `factors` has a float per row. */
export function rowMultiples(target: usize, source: usize, factors: usize, from: u32, to: u32, width: u32): void {
  const rowBytes = width << 2;
  for (let row = from; row < to; row++) {
    const offset = <usize>row * rowBytes;
    const factor = v128.load32_splat(factors + (<usize>row << 2));
    for (let at: u32 = 0; at < rowBytes; at += 16) {
      v128.store(target + offset + at, f32x4.mul(factor, v128.load(source + offset + at)));
    }
  }
}
