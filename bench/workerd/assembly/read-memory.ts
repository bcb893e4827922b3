/** Reads memory once, as fast as WebAssembly can: what a scan cannot be faster than. */

@inline
function addCacheLine(sum: v128, pointer: usize): v128 {
  const first = i32x4.add(v128.load(pointer), v128.load(pointer, 16));
  return i32x4.add(sum, i32x4.add(first, i32x4.add(v128.load(pointer, 32), v128.load(pointer, 48))));
}

/**
 * The sum of all 32-bit words of `bytes` bytes, a multiple of 256. Four quarters are read at once: the processor reads
 * ahead in each, which takes half the time of reading one after the other (Zen 3).
 */
export function sumWords(pointer: usize, bytes: u32): u32 {
  const quarter = <usize>(bytes >> 2);
  let sum0 = i32x4.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (const end = pointer + quarter; pointer < end; pointer += 64) {
    const half = pointer + quarter * 2;
    sum0 = addCacheLine(sum0, pointer);
    sum1 = addCacheLine(sum1, pointer + quarter);
    sum2 = addCacheLine(sum2, half);
    sum3 = addCacheLine(sum3, half + quarter);
  }
  const sum = i32x4.add(i32x4.add(sum0, sum1), i32x4.add(sum2, sum3));
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}
