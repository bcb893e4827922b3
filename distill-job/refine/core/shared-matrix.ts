/** Memory that the core and all of its threads share, and what lies in it. */
import { NearvecError } from "../../../shared/errors.ts";

/** WebAssembly memory ends here: 4 GiB less a page, so that no end of a range is 2^32. */
const maxBytes = 65_535 * 65_536;
const pageBytes = 65_536;
/** Every array begins on a cache line. */
const alignmentBytes = 64;
/** Floats that the core takes of a row at a time. */
const floatsPerBlock = 32;

/** An array in shared memory. */
export interface Shared<View> {
  /** Address in bytes. */
  readonly pointer: number;
  readonly view: View;
}

/** A dense matrix in shared memory, every row filled up with zeros to `width` floats. */
export interface SharedMatrix extends Shared<Float32Array> {
  readonly rows: number;
  readonly columns: number;
  /** Floats from one row to the next, a multiple of 32. */
  readonly width: number;
}

/** Hands out memory from one end to the other, and takes it back from there. */
export class SharedMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: maxBytes / pageBytes + 1, shared: true });
  // The first page is the core's own.
  #end = pageBytes;

  floats(length: number): Shared<Float32Array> {
    const pointer = this.#take(length * 4);
    return { pointer, view: new Float32Array(this.memory.buffer, pointer, length).fill(0) };
  }

  integers(length: number): Shared<Uint32Array> {
    const pointer = this.#take(length * 4);
    return { pointer, view: new Uint32Array(this.memory.buffer, pointer, length).fill(0) };
  }

  integersOf(values: ArrayLike<number>): Shared<Uint32Array> {
    const array = this.integers(values.length);
    array.view.set(values);
    return array;
  }

  matrix(rows: number, columns: number): SharedMatrix {
    const width = Math.ceil(columns / floatsPerBlock) * floatsPerBlock;
    return { ...this.floats(rows * width), rows, columns, width };
  }

  /** @param values rows x columns, row-major */
  matrixOf(values: Float32Array, columns: number): SharedMatrix {
    const matrix = this.matrix(values.length / columns, columns);
    for (let row = 0; row < matrix.rows; row++) {
      matrix.view.set(values.subarray(row * columns, (row + 1) * columns), row * matrix.width);
    }
    return matrix;
  }

  /** Runs something and takes back all memory that was handed out meanwhile. */
  async scratch<Result>(work: () => Promise<Result>): Promise<Result> {
    const end = this.#end;
    try {
      return await work();
    } finally {
      this.#end = end;
    }
  }

  #take(bytes: number): number {
    const pointer = this.#end;
    const end = pointer + Math.ceil(bytes / alignmentBytes) * alignmentBytes;
    const missing = end - this.memory.buffer.byteLength;
    if (end > maxBytes || (missing > 0 && !this.#grow(Math.ceil(missing / pageBytes)))) {
      throw new NearvecError(
        "invalid_request",
        `Expected vectors that fit into memory, ${Math.ceil(end / 2 ** 20)} MiB do not. Use fewer texts (--max-texts), tokens or dimensions.`,
        { param: "corpus" },
      );
    }
    this.#end = end;
    return pointer;
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}

/** A matrix without what fills up its rows: rows x columns values. */
export function valuesOf({ view, rows, columns, width }: SharedMatrix): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    values.set(view.subarray(row * width, row * width + columns), row * columns);
  }
  return values;
}
