/** Parts that hold vectors: int8 rows with a scale each, as many as fit into one. */
import type { EncodedDocument } from "../collection/document.ts";
import { PartFile, writePart } from "./part-file.ts";

/** Bytes of a part at most: all of them are read, so few are better. */
export const maxRowsPartBytes = 4 * 1024 * 1024;

/**
 * Bytes of a part at most where codes are in memory in place of rows, and every query reads the rows of some tens
 * of documents: a thousand rows of 256 dimensions, so that 10,000 documents are 10 parts and cost 20 writes in all.
 */
export const maxRescoredRowsPartBytes = 280 * 1024;

/** What a part's header takes at most. */
const headerBytes = 4096;

export interface RowsPart {
  readonly part: PartFile;
  /** Number of the first row in its segment. */
  readonly first: number;
  readonly count: number;
  readonly dimensions: number;
  /** count x dimensions */
  readonly values: Int8Array;
  /** One per row. */
  readonly scales: Float32Array;
}

/** Rows of a part at most; one where even that is more than the bytes. */
export function maxRowsPerPart(dimensions: number, mostBytes = maxRowsPartBytes): number {
  const rowBytes = dimensions + Float32Array.BYTES_PER_ELEMENT;
  return Math.max(1, Math.floor((mostBytes - headerBytes) / rowBytes));
}

/**
 * Rows of all documents in order, cut into parts; one part at a time is in memory.
 *
 * @param mostBytes of a part
 */
export function* writeRowsParts(
  documents: readonly EncodedDocument[],
  dimensions: number,
  mostBytes = maxRowsPartBytes,
): Generator<{ readonly bytes: Uint8Array; readonly count: number }> {
  const total = documents.reduce((sum, { scales }) => sum + scales.length, 0);
  const most = maxRowsPerPart(dimensions, mostBytes);
  let document = 0;
  let taken = 0;
  for (let first = 0; first < total; first += most) {
    const count = Math.min(most, total - first);
    const rows = new Int8Array(count * dimensions);
    const scales = new Float32Array(count);
    for (let row = 0; row < count; ) {
      const source = documents[document]!;
      const end = Math.min(source.scales.length, taken + count - row);
      rows.set(source.values.subarray(taken * dimensions, end * dimensions), row * dimensions);
      scales.set(source.scales.subarray(taken, end), row);
      row += end - taken;
      taken = end;
      if (taken === source.scales.length) {
        document++;
        taken = 0;
      }
    }
    const bytes = writePart("rows", { first: `${first}`, dimensions: `${dimensions}` }, [
      { name: "scales", type: "F32", data: scales },
      { name: "rows", type: "I8", data: rows, shape: [count, dimensions] },
    ]);
    yield { bytes, count };
  }
}

/** @throws NearvecError artifact_invalid if it is no rows part, artifact_corrupt if it contradicts itself */
export function readRowsPart(bytes: Uint8Array): RowsPart {
  const part = new PartFile("rows", bytes);
  const first = part.count("first");
  const dimensions = part.count("dimensions");
  const scales = part.tensor("scales", "F32");
  const count = scales.length;
  for (let row = 0; row < count; row++) {
    const scale = scales[row]!;
    if (!(scale >= 0 && scale < Number.POSITIVE_INFINITY)) {
      throw part.corrupt(`a finite scale of at least 0 for row ${row} in tensor scales`, `${scale}`);
    }
  }
  return { part, first, count, dimensions, values: part.tensor("rows", "I8", count * dimensions), scales };
}
