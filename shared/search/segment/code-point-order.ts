/** The one order that ids, terms and values are sorted in: that of their UTF-8 bytes, which is that of code points. */

/**
 * Compares well-formed strings as their UTF-8 bytes would compare. UTF-16 units do not: surrogates come before
 * U+E000 to U+FFFF, the code points that they stand for come after.
 *
 * @returns a number below, equal to, or above 0
 */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return place(a) - place(b);
  }
  return left.length - right.length;
}

/** Moves surrogates behind all other units. */
function place(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
