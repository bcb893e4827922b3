/** Single rows. */

@inline
export function laneSum(values: v128): f32 {
  return (
    f32x4.extract_lane(values, 0) +
    f32x4.extract_lane(values, 1) +
    (f32x4.extract_lane(values, 2) + f32x4.extract_lane(values, 3))
  );
}

export function dot(left: usize, right: usize, width: u32): f32 {
  let sum = f32x4.splat(0);
  for (let at: u32 = 0; at < width << 2; at += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(left + at), v128.load(right + at)));
  }
  return laneSum(sum);
}

/** Divides a row by its norm, which is returned; a row of zeros stays as it is and counts as norm 1. */
export function normalizeRow(row: usize, width: u32): f32 {
  const norm = sqrt(dot(row, row, width));
  if (norm == 0) return 1;
  const factor = f32x4.splat(1 / norm);
  for (let at: u32 = 0; at < width << 2; at += 16) {
    v128.store(row + at, f32x4.mul(v128.load(row + at), factor));
  }
  return norm;
}
