/** One instance of the kernel: its exports with their types, and how to make one. */
import { kernelModule } from "#kernel";

/** What shared/kernel/assembly/index.ts exports; pointers are byte addresses in `memory`. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  descriptorPointer(): number;
  heapPointer(): number;
  configure(bytes: number): number;
  reserve(bytes: number): number;
  inputPointer(): number;
  inputCapacityBytes(): number;
  outputPointer(): number;
  idsPointer(): number;
  idsCapacityTokens(): number;
  tokenize(bytes: number, maxCodePoints: number, maxTokens: number, keepUnknown: number): number;
  poolIds(from: number, count: number, width: number, normalize: number): void;
  encode(bytes: number, maxCodePoints: number, maxTokens: number, width: number, normalize: number): number;
  /** Two's complement: `BigInt.asUintN(64, …)` gives the hash. */
  pieceHash(pointer: number, length: number, continuation: number): bigint;
  /** Two's complement: `BigInt.asUintN(64, …)` gives the hash. */
  checksum(pointer: number, length: number): bigint;
  printNumbers(values: number, count: number, text: number): number;
  printBase64(bytes: number, length: number, text: number): number;
}

export const pageBytes = 65536;

/** A fresh instance, with memory of its own that goes when the instance does. */
export function instantiateKernel(): Kernel {
  return new WebAssembly.Instance(kernelModule).exports as unknown as Kernel;
}

/** Grows the kernel's memory to at least `bytes`; false if the engine refuses. */
export function growMemory(kernel: Kernel, bytes: number): boolean {
  const missing = Math.ceil((bytes - kernel.memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return true;
  try {
    kernel.memory.grow(missing);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
