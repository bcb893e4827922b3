/**
 * The int8 rows of a segment in the kernel's memory, with what makes cosines of dot products: in two planes of half
 * bytes (shared/search/kernel/assembly/half-bytes.ts), so that a scan reads one of them.
 */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import type { Whitening } from "../ranking/whitening.ts";
import { type RowsPart, readRowsPart } from "../segment/rows-part.ts";
import { type BoundingQuery, boundingTerms, type RowLengths } from "./bounding-query.ts";
import type { QueryVector } from "./query-vector.ts";
import { WhiteningTransform } from "./whitening-transform.ts";

/** Rows that the kernel bounds at once: it reads so many even where fewer are left. */
const rowsAtOnce = 8;
/** Dimensions that lie together in a plane: rows are padded to a multiple. */
const blockDimensions = 32;
/** Rows that are put into planes at a time, so that no second copy of all of them is needed. */
const rowsSplitAtOnce = 256;

/** Dimensions of a row with what it is padded by. */
export function rowStride(dimensions: number): number {
  return Math.ceil(dimensions / blockDimensions) * blockDimensions;
}

export class ResidentRows {
  readonly kind = "rows";
  readonly count: number;
  readonly dimensions: number;
  readonly stride: number;
  readonly #memory: SectionMemory;
  readonly #upper: Section;
  readonly #lower: Section;
  /** f32 x count. */
  readonly #scales: Section;
  /** f32 x count: 1 over the length of each row once it is whitened. */
  readonly #inverses: Section;
  /** f32 x count: see join-rows.ts; null where every entry has one row. */
  #jointInverses: Section | null = null;
  readonly #lengths: RowLengths;

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
    const planeBytes = ((count + rowsAtOnce - 1) * this.stride) / 2;
    this.#upper = memory.allocate(planeBytes);
    this.#lower = memory.allocate(planeBytes);
    this.#scales = memory.allocate(count * 4);
    this.#inverses = memory.allocate(count * 4);
    const window = memory.allocate(rowsSplitAtOnce * this.stride);
    memory.kernel.beginRows();
    for (const { first, values, scales } of contents) {
      memory.float32(this.#scales).set(scales, first);
      for (let row = 0; row < scales.length; row += rowsSplitAtOnce) {
        const end = Math.min(row + rowsSplitAtOnce, scales.length);
        this.#split(values.subarray(row * dimensions, end * dimensions), first + row, end - row, window);
      }
    }
    this.#lengths = { rest: memory.kernel.mostRest(), near: memory.kernel.mostNearRow() };
    memory.release(window);
  }

  /** Where what windows are scored with is; 0 where every entry has one row. */
  get jointInverses(): number {
    return this.#jointInverses?.pointer ?? 0;
  }

  /**
   * Works out how long the rows are, alone and together with their entry's first; to be called before any is scored,
   * and when whitening changes.
   *
   * @param entryRows address of the first row of each entry; 0 if every entry has one
   */
  whiten(whitening: Whitening | null, entries: number, entryRows: number): void {
    if (entryRows !== 0) this.#jointInverses ??= this.#memory.allocate(this.count * 4);
    const shape = this.#memory.allocate(this.stride * 12);
    const values = this.#memory.float32(shape).fill(0);
    const { factors, offsets } = new WhiteningTransform(whitening, this.dimensions);
    values.set(factors);
    values.set(offsets, this.stride);
    const factorsAt = shape.pointer;
    const offsetsAt = factorsAt + this.stride * 4;
    const room = offsetsAt + this.stride * 4;
    this.#memory.kernel.whitenRows(
      this.#upper.pointer,
      this.#lower.pointer,
      this.count,
      this.stride,
      this.#scales.pointer,
      factorsAt,
      offsetsAt,
      this.#inverses.pointer,
    );
    if (entryRows !== 0) {
      this.#memory.kernel.joinRows(
        ...([this.#upper.pointer, this.#lower.pointer, entries, entryRows, this.stride] as const),
        ...([this.#scales.pointer, factorsAt, offsetsAt, this.#inverses.pointer] as const),
        ...([room, this.jointInverses] as const),
      );
    }
    this.#memory.release(shape);
  }

  /** Scores all rows into f32 x count at `scores`. @param integers address of the query's integers */
  score({ multiplier, constant }: QueryVector, integers: number, scores: number): void {
    this.#memory.kernel.scoreRows(
      ...([this.#upper.pointer, this.#lower.pointer, this.count, this.stride, integers] as const),
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
      ...([list, count, this.#upper.pointer, this.#lower.pointer, this.stride, integers] as const),
      ...([this.#scales.pointer, this.#inverses.pointer, multiplier, constant, scores] as const),
    );
  }

  /** Writes what the scores of all rows are at most. @param elements address of the bounding query's elements */
  bound(query: QueryVector, bounding: BoundingQuery, elements: number, bounds: number): void {
    const { multiplier, shift, constant } = boundingTerms(bounding, this.#lengths, query);
    this.#memory.kernel.boundRows(
      ...([this.#upper.pointer, this.count, this.stride, elements] as const),
      ...([this.#scales.pointer, this.#inverses.pointer, multiplier, shift, constant, bounds] as const),
    );
  }

  /** A row as it was before it was quantized, nearly. */
  vector(row: number): Float32Array {
    const scale = this.#memory.float32(this.#scales)[row]!;
    const [start, end] = [(row * this.stride) / 2, ((row + 1) * this.stride) / 2];
    const upper = this.#memory.bytes(this.#upper).subarray(start, end);
    const lower = this.#memory.bytes(this.#lower).subarray(start, end);
    return Float32Array.from({ length: this.dimensions }, (_, i) => {
      const byte = (i >> 5) * 16 + (i & 15);
      const shift = (i >> 2) & 4;
      const value = (((upper[byte]! >> shift) & 15) << 4) + ((lower[byte]! >> shift) & 15) - 128;
      return value * scale;
    });
  }

  release(): void {
    for (const section of [this.#upper, this.#lower, this.#scales, this.#inverses]) {
      this.#memory.release(section);
    }
    if (this.#jointInverses !== null) this.#memory.release(this.#jointInverses);
  }

  /** Puts rows into the planes. @param first the number of the first of them */
  #split(values: Int8Array, first: number, count: number, window: Section): void {
    const { stride, dimensions } = this;
    const rows = this.#memory.int8(window);
    if (stride === dimensions) rows.set(values);
    else {
      rows.fill(0);
      for (let row = 0; row < count; row++) {
        rows.set(values.subarray(row * dimensions, (row + 1) * dimensions), row * stride);
      }
    }
    const offset = (first * stride) / 2;
    this.#memory.kernel.splitRows(
      ...([window.pointer, count, stride] as const),
      ...([this.#upper.pointer + offset, this.#lower.pointer + offset] as const),
    );
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
