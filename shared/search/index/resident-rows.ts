/** The int8 rows of a segment in the kernel's memory, with what makes cosines of dot products. */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import type { Whitening } from "../ranking/whitening.ts";
import { type RowsPart, readRowsPart } from "../segment/rows-part.ts";
import type { QueryVector } from "./query-vector.ts";
import { WhiteningTransform } from "./whitening-transform.ts";

/** Rows that the kernel scores at once: it reads so many even where fewer are left. */
const rowsAtOnce = 4;
/** Bytes of a row are a multiple of this. */
const rowAlignmentBytes = 16;

/** Bytes from one row to the next. */
export function rowStride(dimensions: number): number {
  return Math.ceil(dimensions / rowAlignmentBytes) * rowAlignmentBytes;
}

export class ResidentRows {
  readonly kind = "rows";
  readonly count: number;
  readonly dimensions: number;
  readonly stride: number;
  readonly #memory: SectionMemory;
  readonly #rows: Section;
  /** f32 x count. */
  readonly #scales: Section;
  /** f32 x count: 1 over the length of each row once it is whitened. */
  readonly #inverses: Section;

  /**
   * Takes over the rows parts of a segment, in order.
   *
   * @throws NearvecError artifact_invalid, artifact_corrupt
   */
  constructor(memory: SectionMemory, parts: readonly Uint8Array[], count: number, dimensions: number) {
    this.#memory = memory;
    this.count = count;
    this.dimensions = dimensions;
    this.stride = rowStride(dimensions);
    const contents = readRows(parts, count, dimensions);
    this.#rows = memory.allocate((count + rowsAtOnce - 1) * this.stride);
    this.#scales = memory.allocate(count * 4);
    this.#inverses = memory.allocate(count * 4);
    const target = memory.int8(this.#rows);
    if (this.stride !== dimensions) target.fill(0);
    for (const { first, values: rows, scales } of contents) {
      memory.float32(this.#scales).set(scales, first);
      if (this.stride === dimensions) {
        target.set(rows, first * dimensions);
        continue;
      }
      for (let row = 0; row < scales.length; row++) {
        const values = rows.subarray(row * dimensions, (row + 1) * dimensions);
        target.set(values, (first + row) * this.stride);
      }
    }
  }

  /** Works out how long the rows are; to be called before any is scored, and when whitening changes. */
  whiten(whitening: Whitening | null): void {
    const shape = this.#memory.allocate(this.stride * 8);
    const values = this.#memory.float32(shape).fill(0);
    const { factors, offsets } = new WhiteningTransform(whitening, this.dimensions);
    values.set(factors);
    values.set(offsets, this.stride);
    this.#memory.kernel.whitenRows(
      this.#rows.pointer,
      this.count,
      this.stride,
      this.#scales.pointer,
      shape.pointer,
      shape.pointer + this.stride * 4,
      this.#inverses.pointer,
    );
    this.#memory.release(shape);
  }

  /** Scores all rows into f32 x count at `scores`. @param integers address of the query's integers */
  score({ multiplier, constant }: QueryVector, integers: number, scores: number): void {
    this.#memory.kernel.scoreRows(
      ...([this.#rows.pointer, this.count, this.stride, integers] as const),
      ...([this.#scales.pointer, this.#inverses.pointer, multiplier, constant, scores] as const),
    );
  }

  /** Scores the rows of a list (u32 x count and three more), each into its place. */
  scoreAt(
    { multiplier, constant }: QueryVector,
    integers: number,
    list: number,
    count: number,
    scores: number,
  ): void {
    this.#memory.kernel.scoreRowsAt(
      ...([list, count, this.#rows.pointer, this.stride, integers] as const),
      ...([this.#scales.pointer, this.#inverses.pointer, multiplier, constant, scores] as const),
    );
  }

  /** A row as it was before it was quantized, nearly. */
  vector(row: number): Float32Array {
    const scale = this.#memory.float32(this.#scales)[row]!;
    const values = this.#memory
      .int8(this.#rows)
      .subarray(row * this.stride, row * this.stride + this.dimensions);
    return Float32Array.from(values, (value) => value * scale);
  }

  release(): void {
    for (const section of [this.#rows, this.#scales, this.#inverses]) this.#memory.release(section);
  }
}

/** Reads the parts and checks that they follow one another, up to the last row of the segment. */
function readRows(parts: readonly Uint8Array[], count: number, dimensions: number): RowsPart[] {
  let end = 0;
  return parts.map((bytes, i) => {
    const content = readRowsPart(bytes);
    const { part, first } = content;
    if (first !== end) throw part.corrupt(`rows from ${end} on`, `rows from ${first} on`);
    if (content.dimensions !== dimensions) {
      throw part.corrupt(`rows of ${dimensions} dimensions`, `${content.dimensions}`);
    }
    end += content.count;
    if (i === parts.length - 1 && end !== count)
      throw part.corrupt(`the last of ${count} rows`, `row ${end - 1}`);
    return content;
  });
}
