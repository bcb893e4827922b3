/** XXH64 of bytes, by the search kernel: read through a small window, so that parts need no room before they are checked. */
import type { Section, SectionMemory } from "./section-memory.ts";

/** Bytes of the window, a multiple of 32: it stays in the cache of the second level. */
export const checksumWindowBytes = 64 * 1024;

/**
 * XXH64 with seed 0, as 16 hex digits.
 *
 * @param window a section of `checksumWindowBytes`
 */
export function checksumOf(memory: SectionMemory, window: Section, bytes: Uint8Array): string {
  const { kernel } = memory;
  const target = memory.bytes(window);
  const { pointer } = window;
  kernel.beginHash();
  let at = 0;
  for (; at + checksumWindowBytes <= bytes.length; at += checksumWindowBytes) {
    target.set(bytes.subarray(at, at + checksumWindowBytes));
    kernel.hashStripes(pointer, checksumWindowBytes);
  }
  const rest = bytes.length - at;
  target.set(bytes.subarray(at));
  const stripes = rest - (rest % 32);
  kernel.hashStripes(pointer, stripes);
  const hash = kernel.finishHash(pointer + stripes, rest - stripes, BigInt(bytes.length));
  return BigInt.asUintN(64, hash).toString(16).padStart(16, "0");
}
