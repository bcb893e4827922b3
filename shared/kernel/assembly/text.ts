/** UTF-8: decoding, encoding, counting. Input is what TextEncoder made, so it is always well formed. */

/** Bytes of the sequence that begins with `lead`. */
@inline
export function sequenceLength(lead: u32): u32 {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** The code point at `pointer`, whose sequence has `length` bytes. */
@inline
export function decode(pointer: usize, length: u32): u32 {
  const lead = <u32>load<u8>(pointer);
  if (length == 1) return lead;
  const second = <u32>load<u8>(pointer, 1) & 0x3f;
  if (length == 2) return ((lead & 0x1f) << 6) | second;
  const third = <u32>load<u8>(pointer, 2) & 0x3f;
  if (length == 3) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (<u32>load<u8>(pointer, 3) & 0x3f);
}

/** Whether `byte` continues a sequence, so that no character begins there. */
@inline
export function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}

/** Code points in `length` bytes. */
export function countCodePoints(pointer: usize, length: u32): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) count += u32(!isContinuation(load<u8>(pointer + i)));
  return count;
}

/** Bytes of the first `limit` code points of a text, or `length` if it has no more. */
export function prefixBytes(pointer: usize, length: u32, limit: u32): u32 {
  if (length <= limit) return length;
  let seen: u32 = 0;
  let i: u32 = 0;
  // Continuation bytes are -128 to -65 as signed bytes: everything greater begins a character.
  const lastContinuation = i8x16.splat(-65);
  while (i + 16 <= length) {
    const begins = popcnt(<u32>i8x16.bitmask(i8x16.gt_s(v128.load(pointer + i), lastContinuation)));
    if (seen + begins > limit) break;
    seen += begins;
    i += 16;
  }
  for (; i < length; i++) {
    if (isContinuation(load<u8>(pointer + i))) continue;
    if (seen == limit) break;
    seen++;
  }
  return i;
}
