/** Sparse matrices as compressed rows: who is pooled into what. */
import { type Core, rangesOfEntries } from "./core.ts";
import type { Shared, SharedMatrix, SharedMemory } from "./shared-matrix.ts";

export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1: where every row's entries begin, and where the last one's end. */
  readonly offsets: Shared<Uint32Array>;
  /** Column of every entry. */
  readonly indices: Shared<Uint32Array>;
  /** Value of every entry. */
  readonly weights: Shared<Float32Array>;
}

/** Entries that one thread takes at a time. */
const entriesPerRange = 40_000;

/** The entries of a row: columns, each once, with their values. */
export type SparseRow = ReadonlyMap<number, number>;

/** @param rowOf gives the entries of a row, the same each time it is asked: it is asked twice */
export function sparseMatrix(
  memory: SharedMemory,
  rows: number,
  columns: number,
  rowOf: (row: number) => SparseRow,
): SparseMatrix {
  let entries = 0;
  for (let row = 0; row < rows; row++) entries += rowOf(row).size;
  const matrix = blank(memory, rows, columns, entries);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const [column, weight] of rowOf(row)) {
      matrix.indices.view[at] = column;
      matrix.weights.view[at++] = weight;
    }
    matrix.offsets.view[row + 1] = at;
  }
  return matrix;
}

/** The same entries by columns; those of one column in the order of their rows. */
export function transposed(memory: SharedMemory, matrix: SparseMatrix): SparseMatrix {
  const indices = matrix.indices.view;
  const result = blank(memory, matrix.columns, matrix.rows, indices.length);
  const next = result.offsets.view;
  for (const column of indices) next[column + 1]!++;
  for (let column = 0; column < matrix.columns; column++) next[column + 1]! += next[column]!;
  const places = next.slice();
  for (let row = 0; row < matrix.rows; row++) {
    for (let entry = matrix.offsets.view[row]!; entry < matrix.offsets.view[row + 1]!; entry++) {
      const place = places[indices[entry]!]!++;
      result.indices.view[place] = row;
      result.weights.view[place] = matrix.weights.view[entry]!;
    }
  }
  return result;
}

/** output = sparse x dense, every row of it. */
export async function multiply(
  core: Core,
  sparse: SparseMatrix,
  dense: SharedMatrix,
  output: SharedMatrix,
): Promise<void> {
  const { offsets, indices, weights } = sparse;
  await core.run("sparseProduct", rangesOfEntries(offsets.view, entriesPerRange), ({ from, to }) => [
    offsets.pointer,
    indices.pointer,
    weights.pointer,
    from,
    to,
    dense.pointer,
    dense.width,
    output.pointer,
  ]);
}

function blank(memory: SharedMemory, rows: number, columns: number, entries: number): SparseMatrix {
  return {
    rows,
    columns,
    offsets: memory.integers(rows + 1),
    indices: memory.integers(entries),
    weights: memory.floats(entries),
  };
}
