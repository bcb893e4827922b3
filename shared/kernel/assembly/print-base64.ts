/** Prints bytes in base64 (RFC 4648, section 4), twelve at a time. */

/** What is added to a six-bit value to give its character, by the kinds that `characters` tells apart. */
@inline
function offsets(): v128 {
  // a-z, then 0-9 ten times, +, /, A-Z.
  return i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0);
}

/** Sixteen six-bit values to their characters, without a table of 64 (Wojciech Muła, "Base64 encoding with SIMD instructions"). */
@inline
function characters(values: v128): v128 {
  // 0 for A-Z and a-z, 1 to 10 for 0-9, 11 for + and 12 for /; then 13 for A-Z.
  const kinds = i8x16.sub_sat_u(values, i8x16.splat(51));
  const capitals = v128.and(i8x16.lt_u(values, i8x16.splat(26)), i8x16.splat(13));
  return i8x16.add(values, i8x16.swizzle(offsets(), v128.or(kinds, capitals)));
}

/** Twelve of the sixteen bytes at `pointer` to sixteen characters. */
@inline
function encodeTwelve(pointer: usize): v128 {
  // Three bytes to a lane of 32 bits, the first one highest.
  const loaded = v128.load(pointer);
  const lanes = i8x16.swizzle(loaded, i8x16(2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1));
  const first = v128.and(i32x4.shr_u(lanes, 18), i32x4.splat(0x3f));
  const second = v128.and(i32x4.shr_u(lanes, 4), i32x4.splat(0x3f00));
  const third = v128.and(i32x4.shl(lanes, 10), i32x4.splat(0x3f0000));
  const fourth = v128.and(i32x4.shl(lanes, 24), i32x4.splat(0x3f000000));
  return characters(v128.or(v128.or(first, second), v128.or(third, fourth)));
}

/** Prints `length` bytes; returns the characters. Reads and writes up to 16 bytes past the ends. */
export function printBase64At(bytes: usize, length: u32, text: usize): u32 {
  let at = text;
  let left = length;
  let from = bytes;
  for (; left >= 12; left -= 12) {
    v128.store(at, encodeTwelve(from));
    from += 12;
    at += 16;
  }
  if (left > 0) {
    // What lies behind must not show in the last character.
    memory.fill(from + left, 0, 2);
    v128.store(at, encodeTwelve(from));
    at += (left * 4 + 2) / 3;
    for (let padding = (3 - (left % 3)) % 3; padding > 0; padding--) store<u8>(at++, 0x3d);
  }
  return <u32>(at - text);
}
