/** XXH64 of bytes, by the kernel. */
import { growMemory, instantiateKernel, type Kernel } from "./kernel.ts";

/** The checksum of `length` bytes that are in the kernel's memory already, as 16 hex digits. */
export function checksumInPlace(kernel: Kernel, pointer: number, length: number): string {
  return BigInt.asUintN(64, kernel.checksum(pointer, length)).toString(16).padStart(16, "0");
}

/**
 * XXH64 with seed 0, as 16 hex digits.
 *
 * @example
 * ```ts
 * checksumOf(new TextEncoder().encode("a")); // "d24ec4f1a98c6e5b"
 * ```
 */
export function checksumOf(bytes: Uint8Array): string {
  const kernel = instantiateKernel();
  const pointer = kernel.heapPointer();
  if (!growMemory(kernel, pointer + bytes.length))
    throw new RangeError(`No memory for ${bytes.length} bytes`);
  new Uint8Array(kernel.memory.buffer).set(bytes, pointer);
  return checksumInPlace(kernel, pointer, bytes.length);
}
