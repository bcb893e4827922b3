/** Prints vectors as text, in a kernel of its own: numbers as JSON has them, and base64. */
import { growMemory, instantiateKernel, type Kernel } from "./kernel.ts";

/** Values printed at a time, so that memory is bounded; in base64, 12 KiB that are divisible by three. */
const chunkNumbers = 3072;
const numberBytes = 4;

/** Bytes that a printed number takes at most, with its comma: `-340282350000000000000,` and room to write past it. */
const maxPrintedNumberBytes = 24;

/** Bytes that the kernel may read or write past an end. */
const slackBytes = 64;

/**
 * What is printed stays in the kernel's memory until the next call, and is to be copied from there.
 *
 * @example
 * ```ts
 * const printer = new VectorPrinter();
 * printer.numbers(new Float32Array([0.25, -1]), (text) => target.set(text, 0)); // 0.25,-1
 * ```
 */
export class VectorPrinter {
  readonly #kernel: Kernel;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  /** The beginning of it that was last printed to: vectors of one model have base64 of one length. */
  #printed: Uint8Array;

  constructor() {
    this.#kernel = instantiateKernel();
    const start = Math.ceil(this.#kernel.heapPointer() / slackBytes) * slackBytes;
    const inputBytes = chunkNumbers * numberBytes;
    const outputStart = start + inputBytes + slackBytes;
    const outputBytes = chunkNumbers * maxPrintedNumberBytes;
    if (!growMemory(this.#kernel, outputStart + outputBytes + slackBytes)) {
      throw new RangeError("Expected memory to print vectors in, there is none.");
    }
    // It never grows again, so the views stay.
    const { buffer } = this.#kernel.memory;
    this.#input = new Uint8Array(buffer, start, inputBytes);
    this.#output = new Uint8Array(buffer, outputStart, outputBytes);
    this.#printed = this.#output;
  }

  /**
   * Prints float32 values with commas between them: each in the fewest digits that read back as the same float32.
   *
   * @param visit Called with one piece of text after the other, ASCII.
   */
  numbers(vector: Float32Array, visit: (text: Uint8Array) => void): void {
    const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
    for (let at = 0; at < bytes.length; at += this.#input.length) {
      const length = this.#take(bytes, at);
      const { byteOffset } = this.#output;
      let printed = this.#kernel.printNumbers(this.#input.byteOffset, length / numberBytes, byteOffset);
      // The next piece goes on behind a comma.
      if (at + length < bytes.length) this.#output[printed++] = comma;
      visit(this.#firstBytes(printed));
    }
  }

  /**
   * Prints bytes in base64, in the standard alphabet, with padding.
   *
   * @param visit Called with one piece of text after the other, ASCII.
   */
  base64(bytes: Uint8Array, visit: (text: Uint8Array) => void): void {
    for (let at = 0; at < bytes.length; at += this.#input.length) {
      const length = this.#take(bytes, at);
      const { byteOffset } = this.#output;
      visit(this.#firstBytes(this.#kernel.printBase64(this.#input.byteOffset, length, byteOffset)));
    }
  }

  #firstBytes(length: number): Uint8Array {
    if (this.#printed.length !== length) this.#printed = this.#output.subarray(0, length);
    return this.#printed;
  }

  /** Copies what is to be printed next, from `at` on, into the kernel's memory; returns its bytes. */
  #take(bytes: Uint8Array, at: number): number {
    const whole = at === 0 && bytes.length <= this.#input.length;
    const piece = whole ? bytes : bytes.subarray(at, at + this.#input.length);
    this.#input.set(piece);
    return piece.length;
  }
}

const comma = 0x2c;
