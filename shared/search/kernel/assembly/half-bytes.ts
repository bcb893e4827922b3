/**
 * Rows of int8 in two planes of half bytes, the upper halves of all rows before the lower halves of all: of the
 * upper ones alone, half of the bytes, a row's product with a query is known to within a few hundredths.
 *
 * An element x is kept as x + 128 = 16 * upper + lower, both 0 to 15. Of every 32 dimensions a plane has 16 bytes:
 * dimension i in the low half of byte i, dimension 16 + i in its high half.
 */

/** Dimensions that lie together; rows are padded to a multiple. */
export const blockDimensions: u32 = 32;
/** Bytes of them in one plane. */
export const blockBytes: u32 = 16;

/**
 * Sixteen times 15. Read out of memory: V8 keeps it in a register then, a constant is put together anew wherever it
 * is used, which cost half of a scan's time.
 */
const lowHalves = memory.data<u64>([0x0f0f_0f0f_0f0f_0f0f, 0x0f0f_0f0f_0f0f_0f0f]);

@inline
export function lowHalfMask(): v128 {
  return v128.load(lowHalves);
}

@inline
export function lowHalvesOf(bytes: v128, mask: v128): v128 {
  return v128.and(bytes, mask);
}

@inline
export function highHalvesOf(bytes: v128, mask: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), mask);
}

/** x + 128 of a block's first 16 dimensions. */
@inline
export function firstOf(upper: v128, lower: v128, mask: v128): v128 {
  return v128.or(i16x8.shl(v128.and(upper, mask), 4), v128.and(lower, mask));
}

/** x + 128 of a block's last 16 dimensions. */
@inline
export function lastOf(upper: v128, lower: v128, mask: v128): v128 {
  return v128.or(v128.andnot(upper, mask), highHalvesOf(lower, mask));
}

/** What `x + 128` is flipped by to be x in two's complement. */
@inline
export function signBits(): v128 {
  return i8x16.splat(-128);
}

let longestRest: i32 = 0;
let longestNearRow: i32 = 0;

/** Before the rows of a segment are put into planes. */
export function beginRows(): void {
  longestRest = 0;
  longestNearRow = 0;
}

/**
 * Puts rows into planes.
 *
 * @param rows i8 x count x stride, stride a multiple of 32
 * @param upper u8 x count x stride / 2, written, and so lower
 */
export function splitRows(rows: usize, count: u32, stride: u32, upper: usize, lower: usize): void {
  const mask = lowHalfMask();
  for (const end = rows + <usize>count * stride; rows < end; ) {
    let rest = i32x4.splat(0);
    let near = rest;
    for (const rowEnd = rows + stride; rows < rowEnd; rows += blockDimensions) {
      const first = v128.xor(v128.load(rows), signBits());
      const last = v128.xor(v128.load(rows, 16), signBits());
      const uppers = v128.or(highHalvesOf(first, mask), v128.andnot(last, mask));
      const lowers = v128.or(v128.and(first, mask), i16x8.shl(v128.and(last, mask), 4));
      v128.store(upper, uppers);
      v128.store(lower, lowers);
      rest = addSquares(rest, v128.and(lowers, mask), 2, 15);
      rest = addSquares(rest, highHalvesOf(lowers, mask), 2, 15);
      near = addSquares(near, v128.and(uppers, mask), 32, 241);
      near = addSquares(near, highHalvesOf(uppers, mask), 32, 241);
      upper += blockBytes;
      lower += blockBytes;
    }
    longestRest = max(longestRest, sumOf(rest));
    longestNearRow = max(longestNearRow, sumOf(near));
  }
}

/** Sums of (factor * element - offset) squared, of 16 elements of 8 bits. */
@inline
function addSquares(sums: v128, elements: v128, factor: i16, offset: i16): v128 {
  const low = i16x8.sub(i16x8.mul(i16x8.extend_low_i8x16_u(elements), i16x8.splat(factor)), i16x8.splat(offset));
  const high = i16x8.sub(i16x8.mul(i16x8.extend_high_i8x16_u(elements), i16x8.splat(factor)), i16x8.splat(offset));
  return i32x4.add(sums, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)));
}

@inline
function sumOf(sums: v128): i32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

/** The greatest length, over rows since `beginRows`, of what the upper halves leave out: of x - (16 * upper - 120.5). */
export function mostRest(): f32 {
  return <f32>(Math.sqrt(<f64>longestRest) / 2);
}

/** Likewise of what they say: of 16 * upper - 120.5. */
export function mostNearRow(): f32 {
  return <f32>(Math.sqrt(<f64>longestNearRow) / 2);
}
