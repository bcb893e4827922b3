/** The codes of a segment in the kernel's memory. */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import { codeRowBytes, innerLevel, outerLevel } from "./code-levels.ts";
import { type CodeQuery, codeQuery } from "./code-query.ts";
import { readCodesPart } from "./codes-part.ts";
import { Rotation } from "./rotation.ts";
import { WhiteningTransform } from "./whitening-transform.ts";

/** Bytes that signs are touched ahead of their use: two pages, the best of 1 to 16 KiB. */
const aheadBytes = 8192;

/** Of codes that were written before windows were scored by midpoints: their mean with the whole, until rows are read. */
const unknownJointInverse = 0.5;

/** Where the kernel finds a query. */
export interface CodeQueryPlace {
  readonly query: CodeQuery;
  readonly tables: Section;
  readonly elements: Section;
}

export class ResidentCodes {
  readonly kind = "codes";
  readonly count: number;
  readonly dimensions: number;
  readonly #memory: SectionMemory;
  readonly #rotation: Rotation;
  readonly #transform: WhiteningTransform;
  readonly #signs: Section;
  readonly #outer: Section;
  readonly #scales: Section;
  /** f32 x count: see join-rows.ts; null where every entry has one row. */
  readonly #jointInverses: Section | null;

  /**
   * @param windowed whether entries have several rows
   * @throws NearvecError artifact_invalid, artifact_corrupt
   */
  constructor(
    memory: SectionMemory,
    bytes: Uint8Array,
    { count, dimensions, windowed }: { count: number; dimensions: number; windowed: boolean },
  ) {
    const codes = readCodesPart(bytes);
    if (codes.count !== count) throw codes.part.corrupt(`${count} rows`, `${codes.count}`);
    if (codes.dimensions !== dimensions) {
      throw codes.part.corrupt(`${dimensions} dimensions`, `${codes.dimensions}`);
    }
    this.count = count;
    this.dimensions = dimensions;
    this.#memory = memory;
    this.#rotation = new Rotation(dimensions, codes.seed);
    this.#transform = new WhiteningTransform(codes.whitening, dimensions);
    this.#signs = memory.allocate(codes.signs.length + aheadBytes);
    this.#outer = memory.allocate(codes.outer.length);
    this.#scales = memory.allocate(count * 4);
    memory.bytes(this.#signs).set(codes.signs);
    memory.bytes(this.#outer).set(codes.outer);
    memory.float32(this.#scales).set(codes.scales);
    this.#jointInverses = windowed ? memory.allocate(count * 4) : null;
    if (this.#jointInverses !== null) {
      const inverses = memory.float32(this.#jointInverses);
      if (codes.jointInverses === null) inverses.fill(unknownJointInverse);
      else inverses.set(codes.jointInverses);
    }
  }

  /** Where what windows are scored with is; 0 where every entry has one row. */
  get jointInverses(): number {
    return this.#jointInverses?.pointer ?? 0;
  }

  /** The query as this segment's codes were made. */
  query(vector: Float32Array): CodeQuery {
    return codeQuery(vector, this.#transform, this.#rotation);
  }

  /**
   * Scores rows by their signs, into f32 x count at `scores` and up to 31 more.
   *
   * @param rowBits bitmap of the rows that matter, among which others may be scored; 0 for all
   */
  scoreSigns({ query, tables }: CodeQueryPlace, rowBits: number, scores: number): void {
    this.#memory.bytes(tables).set(query.tables);
    this.#memory.kernel.scoreSigns(
      ...([this.#signs.pointer, this.count, codeRowBytes(this.dimensions), tables.pointer] as const),
      ...([rowBits, query.step, query.base, scores, aheadBytes] as const),
    );
  }

  /** Scores the rows of a list (u32 x count) by both bits, each into its place. */
  scoreLevels({ query, elements }: CodeQueryPlace, list: number, count: number, scores: number): void {
    this.#memory.float32(elements).set(query.elements);
    this.#memory.kernel.scoreLevelsAt(
      ...([list, count, this.#signs.pointer, this.#outer.pointer, codeRowBytes(this.dimensions)] as const),
      ...([elements.pointer, outerLevel / innerLevel, this.#scales.pointer, scores] as const),
    );
  }

  release(): void {
    for (const section of [this.#signs, this.#outer, this.#scales]) this.#memory.release(section);
    if (this.#jointInverses !== null) this.#memory.release(this.#jointInverses);
  }
}
