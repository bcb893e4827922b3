/** Writes ASCII without leaving JavaScript. */

/**
 * Writes a text to `target` from `at` on, if all of it is ASCII; else there is something there, but not the text.
 *
 * `TextEncoder.encodeInto` takes longer for short texts: in workerd it is called out of JavaScript, with a view of where
 * to write and an object for its result.
 *
 * @returns Whether all of it was ASCII.
 *
 * @example
 * ```ts
 * const target = new Uint8Array(8);
 * writeAscii("abc", target, 1); // true: target is 0, 97, 98, 99, 0, 0, 0, 0
 * writeAscii("é", target, 1); // false
 * ```
 */
export function writeAscii(text: string, target: Uint8Array, at: number): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return false;
    target[at + i] = unit;
  }
  return true;
}
