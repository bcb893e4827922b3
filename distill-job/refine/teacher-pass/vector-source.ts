/** Vectors that are read a block at a time: those of a large corpus are more than memory should hold. */
import type { TeacherVectors } from "../../teacher/embed-sequences.ts";
import type { VectorCache } from "./vector-cache.ts";

/** Some of the vectors. */
export interface VectorBlock {
  /** Which vectors these are. */
  readonly rows: Uint32Array;
  /** One after the other, in the order of `rows`. */
  readonly values: Float32Array;
}

export interface VectorSource {
  /** Vectors that there are. */
  readonly rows: number;
  readonly dimensions: number;
  /** Reads some vectors, in the order that they are asked for. */
  read(rows: Uint32Array): Promise<Float32Array>;
  /** Reads every vector once, in whatever order suits the source. */
  blocks(): AsyncGenerator<VectorBlock>;
}

/** Vectors of a block. */
const rowsPerBlock = 4096;

/** Vectors that are in memory. */
export function vectorsInMemory({ values, rows, dimensions }: TeacherVectors): VectorSource {
  const rowOf = (row: number): Float32Array => values.subarray(row * dimensions, (row + 1) * dimensions);
  return {
    rows,
    dimensions,
    read: async (chosen) => {
      const output = new Float32Array(chosen.length * dimensions);
      chosen.forEach((row, i) => {
        output.set(rowOf(row), i * dimensions);
      });
      return output;
    },
    async *blocks() {
      for (let from = 0; from < rows; from += rowsPerBlock) {
        const to = Math.min(rows, from + rowsPerBlock);
        yield {
          rows: Uint32Array.from({ length: to - from }, (_, i) => from + i),
          values: values.subarray(from * dimensions, to * dimensions),
        };
      }
    },
  };
}

/** Vectors in the cache's file, in the order of their keys. The cache stays open, and is the caller's to close. */
export function vectorsInCache(cache: VectorCache, keys: readonly string[]): VectorSource {
  const { dimensions } = cache;
  const read = async (rows: Uint32Array): Promise<Float32Array> => {
    const output = new Float32Array(rows.length * dimensions);
    await cache.readAll(
      Array.from(rows, (row) => keys[row]!),
      output,
    );
    return output;
  };
  return {
    rows: keys.length,
    dimensions,
    read,
    async *blocks() {
      const places = Float64Array.from(keys, (key) => cache.placeOf(key));
      const inFileOrder = Uint32Array.from(keys.keys()).sort((left, right) => places[left]! - places[right]!);
      for (let from = 0; from < inFileOrder.length; from += rowsPerBlock) {
        const rows = inFileOrder.slice(from, from + rowsPerBlock);
        yield { rows, values: await read(rows) };
      }
    },
  };
}
