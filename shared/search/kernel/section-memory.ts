/**
 * The search kernel's memory in sections that come and go: what a segment keeps, and what a query works in.
 *
 * WebAssembly memory never shrinks, so once most of it is free the instance is made anew, with what is left.
 */
import { NearvecError } from "../../errors.ts";
import { instantiateSearchKernel, type SearchKernel } from "./search-kernel.ts";

const pageBytes = 65_536;
/** Rows of 256 bytes that begin in the middle of such a stretch took half as long again to scan (Sapphire Rapids). */
const alignmentBytes = 256;
/** Bytes that loops may read or write past the end of a section, a few vectors at a time. */
const slackBytes = 64;
/** Bytes that may lie idle before it is worth moving everything else. */
const idleBytes = 4 * 1024 * 1024;

/** A stretch of memory; `pointer` changes only in `compact`. */
export interface Section {
  readonly pointer: number;
  readonly byteLength: number;
}

interface Stretch {
  pointer: number;
  bytes: number;
}

interface PlacedSection extends Section {
  pointer: number;
}

export class SectionMemory {
  #kernel = instantiateSearchKernel();
  #sections = new Set<PlacedSection>();
  /** Sorted by address, no two of them adjacent. */
  #free: Stretch[] = [];
  #end = align(this.#kernel.heapPointer());
  #usedBytes = 0;

  get kernel(): SearchKernel {
    return this.#kernel;
  }

  /** Bytes of the instance's memory, what lies idle included. */
  get byteLength(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  /**
   * Reserves bytes, not zeroed, at a multiple of 256, with 64 more behind them that nobody else uses. Views of the
   * memory that were made before may no longer hold.
   *
   * @throws NearvecError model_memory_busy if the engine gives no more memory
   */
  allocate(byteLength: number): Section {
    const bytes = align(byteLength + slackBytes);
    const section: PlacedSection = { pointer: this.#takeFree(bytes) ?? this.#extend(bytes), byteLength };
    this.#sections.add(section);
    this.#usedBytes += bytes;
    return section;
  }

  /** Gives a section back. */
  release(section: Section): void {
    if (!this.#sections.delete(section as PlacedSection)) return;
    const bytes = align(section.byteLength + slackBytes);
    this.#addFree({ pointer: section.pointer, bytes });
    this.#usedBytes -= bytes;
  }

  /** Makes the instance anew if most of its memory lies idle. Pointers and views from before no longer hold. */
  compact(): void {
    const idle = this.byteLength - this.#usedBytes;
    if (idle > idleBytes && idle * 2 > this.byteLength) this.#renew();
  }

  bytes({ pointer, byteLength }: Section): Uint8Array {
    return new Uint8Array(this.#kernel.memory.buffer, pointer, byteLength);
  }

  int8({ pointer, byteLength }: Section): Int8Array {
    return new Int8Array(this.#kernel.memory.buffer, pointer, byteLength);
  }

  int16({ pointer, byteLength }: Section): Int16Array {
    return new Int16Array(this.#kernel.memory.buffer, pointer, byteLength >> 1);
  }

  uint32({ pointer, byteLength }: Section): Uint32Array {
    return new Uint32Array(this.#kernel.memory.buffer, pointer, byteLength >> 2);
  }

  float32({ pointer, byteLength }: Section): Float32Array {
    return new Float32Array(this.#kernel.memory.buffer, pointer, byteLength >> 2);
  }

  #takeFree(bytes: number): number | undefined {
    const found = this.#free.findIndex((stretch) => stretch.bytes >= bytes);
    if (found < 0) return undefined;
    const stretch = this.#free[found]!;
    const { pointer } = stretch;
    stretch.pointer += bytes;
    stretch.bytes -= bytes;
    if (stretch.bytes === 0) this.#free.splice(found, 1);
    return pointer;
  }

  #extend(bytes: number): number {
    const pointer = this.#end;
    this.#grow(pointer + bytes);
    this.#end = pointer + bytes;
    return pointer;
  }

  #grow(end: number): void {
    const missing = Math.ceil((end - this.byteLength) / pageBytes);
    if (missing <= 0) return;
    try {
      this.#kernel.memory.grow(missing);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new NearvecError(
        "model_memory_busy",
        `Expected ${missing * pageBytes} more bytes of memory for a collection, there are none.`,
        { cause },
      );
    }
  }

  #addFree({ pointer, bytes }: Stretch): void {
    const next = this.#free.findIndex((stretch) => stretch.pointer > pointer);
    const at = next < 0 ? this.#free.length : next;
    const before = this.#free[at - 1];
    const after = this.#free[at];
    const joinsBefore = before !== undefined && before.pointer + before.bytes === pointer;
    const joinsAfter = after !== undefined && pointer + bytes === after.pointer;
    if (joinsBefore) {
      before.bytes += bytes + (joinsAfter ? after.bytes : 0);
      if (joinsAfter) this.#free.splice(at, 1);
    } else if (joinsAfter) {
      after.pointer = pointer;
      after.bytes += bytes;
    } else {
      this.#free.splice(at, 0, { pointer, bytes });
    }
    // What is free at the end need not be remembered.
    const last = this.#free.at(-1);
    if (last !== undefined && last.pointer + last.bytes === this.#end) {
      this.#end = last.pointer;
      this.#free.pop();
    }
  }

  #renew(): void {
    const old = new Uint8Array(this.#kernel.memory.buffer);
    this.#kernel = instantiateSearchKernel();
    this.#free = [];
    this.#end = align(this.#kernel.heapPointer());
    const sizes = [...this.#sections].map(({ byteLength }) => align(byteLength + slackBytes));
    this.#grow(sizes.reduce((sum, bytes) => sum + bytes, this.#end));
    const target = new Uint8Array(this.#kernel.memory.buffer);
    for (const section of this.#sections) {
      const pointer = this.#extend(align(section.byteLength + slackBytes));
      target.set(old.subarray(section.pointer, section.pointer + section.byteLength), pointer);
      section.pointer = pointer;
    }
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignmentBytes) * alignmentBytes;
}
