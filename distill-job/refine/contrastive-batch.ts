/** One batch of the contrastive stage: its vectors, its loss and the gradient for every row of the table. */
import { type Core, rangesOf, rangesOfEntries } from "./core/core.ts";
import type { Shared, SharedMatrix } from "./core/shared-matrix.ts";
import type { SparseMatrix } from "./core/sparse-matrix.ts";

/** Texts that one thread takes at a time: their cosines with the batch stay within a core's cache. */
const textsPerRange = 64;
/** Entries of the table's rows that one thread takes at a time. */
const entriesPerRange = 2048;

/** What students are made of, and what they should come to. */
export interface TrainingData {
  /** Texts x tokens, as texts are pooled. */
  readonly pooling: SparseMatrix;
  /** Texts x dimensions, of length 1. */
  readonly targets: SharedMatrix;
  /** Tokens x dimensions. */
  readonly table: SharedMatrix;
}

/** The rows of the table that a batch moves, with the texts that move them. */
export interface TouchedRows {
  /** Numbers of the rows. */
  readonly rows: Uint32Array;
  /** For every such row, where its entries begin; one more at the end. */
  readonly offsets: Uint32Array;
  /** Place in the batch of every entry's text. */
  readonly texts: Uint32Array;
  readonly weights: Float32Array;
}

/** Working memory for batches of one size. */
export class ContrastiveBatch {
  readonly students: SharedMatrix;
  /** batch x dimensions: the gradient of the mean loss for each text's sum of rows. */
  readonly gradients: SharedMatrix;
  readonly losses: Shared<Float32Array>;
  readonly #core: Core;
  readonly #data: TrainingData;
  readonly #temperature: number;
  readonly #list: Shared<Uint32Array>;
  readonly #norms: Shared<Float32Array>;
  readonly #teachers: SharedMatrix;
  readonly #teachersTransposed: Shared<Float32Array>;
  readonly #cosines: Shared<Float32Array>;

  /** @param size texts per batch, a multiple of 4 */
  constructor(core: Core, data: TrainingData, size: number, temperature: number) {
    const { memory } = core;
    const { columns, width } = data.targets;
    this.#core = core;
    this.#data = data;
    this.#temperature = temperature;
    this.#list = memory.integers(size);
    this.#norms = memory.floats(size);
    this.#teachersTransposed = memory.floats(width * size);
    this.#teachers = memory.matrix(size, columns);
    this.#cosines = memory.floats(size * size);
    this.students = memory.matrix(size, columns);
    this.gradients = memory.matrix(size, columns);
    this.losses = memory.floats(size);
  }

  /**
   * Pools the texts, compares them with their teachers, and leaves losses and gradients.
   * @param texts as many as a batch has
   * @returns the mean loss
   */
  async contrast(texts: Uint32Array): Promise<number> {
    const { pooling, table } = this.#data;
    const size = texts.length;
    const { width } = this.students;
    this.#list.view.set(texts);
    this.#gatherTeachers(texts);
    const ranges = rangesOf(size, textsPerRange);
    await this.#core.run("poolNormalized", ranges, ({ from, to }) => [
      pooling.offsets.pointer,
      pooling.indices.pointer,
      pooling.weights.pointer,
      this.#list.pointer,
      from,
      to,
      table.pointer,
      width,
      this.students.pointer,
      this.#norms.pointer,
    ]);
    await this.#core.run("contrast", ranges, ({ from, to }) => [
      this.students.pointer,
      this.#norms.pointer,
      this.#teachers.pointer,
      this.#teachersTransposed.pointer,
      from,
      to,
      size,
      width,
      this.#temperature,
      this.#cosines.pointer + from * size * 4,
      this.gradients.pointer,
      this.losses.pointer,
    ]);
    return this.losses.view.reduce((sum, loss) => sum + loss, 0) / size;
  }

  /** Mean cosine of the students of the last batch with their own teachers. */
  meanCosine(): number {
    const { view, rows } = this.students;
    return view.reduce((sum, value, i) => sum + value * this.#teachers.view[i]!, 0) / rows;
  }

  #gatherTeachers(texts: Uint32Array): void {
    const { targets } = this.#data;
    const { width } = targets;
    const transposed = this.#teachersTransposed.view;
    texts.forEach((text, place) => {
      const row = targets.view.subarray(text * width, (text + 1) * width);
      this.#teachers.view.set(row, place * width);
      for (let d = 0; d < width; d++) transposed[d * texts.length + place] = row[d]!;
    });
  }
}

/** @param places scratch: as many zeros as the table has rows, zeros again afterwards */
export function touchedRows(pooling: SparseMatrix, texts: Uint32Array, places: Uint32Array): TouchedRows {
  const offsets = pooling.offsets.view;
  const indices = pooling.indices.view;
  const found: number[] = [];
  const counts: number[] = [];
  for (const text of texts) {
    for (let entry = offsets[text]!; entry < offsets[text + 1]!; entry++) {
      const row = indices[entry]!;
      if (places[row] === 0) {
        found.push(row);
        counts.push(0);
        places[row] = found.length;
      }
      counts[places[row]! - 1]!++;
    }
  }
  const starts = new Uint32Array(found.length + 1);
  counts.forEach((count, place) => {
    starts[place + 1] = starts[place]! + count;
  });
  const next = starts.slice();
  const entryTexts = new Uint32Array(starts.at(-1)!);
  const weights = new Float32Array(entryTexts.length);
  texts.forEach((text, place) => {
    for (let entry = offsets[text]!; entry < offsets[text + 1]!; entry++) {
      const at = next[places[indices[entry]!]! - 1]!++;
      entryTexts[at] = place;
      weights[at] = pooling.weights.view[entry]!;
    }
  });
  for (const row of found) places[row] = 0;
  return { rows: Uint32Array.from(found), offsets: starts, texts: entryTexts, weights };
}

/** Adam's state, and the step that moves the rows of a batch. */
export class RowAdam {
  readonly #core: Core;
  readonly #table: SharedMatrix;
  readonly #means: SharedMatrix;
  readonly #squares: SharedMatrix;
  readonly #steps: Shared<Uint32Array>;

  constructor(core: Core, table: SharedMatrix) {
    const { memory } = core;
    this.#core = core;
    this.#table = table;
    this.#means = memory.matrix(table.rows, table.columns);
    this.#squares = memory.matrix(table.rows, table.columns);
    this.#steps = memory.integers(table.rows);
  }

  /** @param gradients of every text's sum of rows */
  async step(touched: TouchedRows, gradients: SharedMatrix, learningRate: number): Promise<void> {
    const { memory } = this.#core;
    await memory.scratch(async () => {
      const rows = memory.integersOf(touched.rows);
      const offsets = memory.integersOf(touched.offsets);
      const texts = memory.integersOf(touched.texts);
      const weights = memory.floats(touched.weights.length);
      weights.view.set(touched.weights);
      const ranges = rangesOfEntries(touched.offsets, entriesPerRange);
      const gradient = memory.matrix(ranges.length, gradients.columns);
      await this.#core.run("adamRows", ranges, ({ from, to }, i) => [
        rows.pointer,
        offsets.pointer,
        texts.pointer,
        weights.pointer,
        from,
        to,
        gradients.pointer,
        gradients.width,
        this.#table.pointer,
        this.#means.pointer,
        this.#squares.pointer,
        this.#steps.pointer,
        learningRate,
        gradient.pointer + i * gradient.width * 4,
      ]);
    });
  }
}
