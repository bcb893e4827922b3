/** The rows of each document's vectors: their scales (float32), then their values (int8), in pieces that SQLite takes. */

/** Bytes of a piece: SQLite in a Durable Object takes rows of 2 MB at most. */
const pieceBytes = 1024 * 1024;

/** Pieces of a document at most; `place` is document number x this + piece. */
const maxPieces = 64;

export interface Vectors {
  /** rows x dimensions */
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

export class VectorTable {
  readonly #sql: SqlStorage;
  readonly #dimensions: number;

  constructor(sql: SqlStorage, dimensions: number) {
    this.#sql = sql;
    this.#dimensions = dimensions;
  }

  put(document: number, { values, scales }: Vectors): void {
    const bytes = new Uint8Array(scales.byteLength + values.byteLength);
    bytes.set(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength));
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), scales.byteLength);
    for (let piece = 0; piece * pieceBytes < bytes.length; piece++) {
      const slice = bytes.slice(piece * pieceBytes, (piece + 1) * pieceBytes);
      this.#sql.exec("INSERT INTO vectors VALUES (?, ?)", document * maxPieces + piece, slice.buffer);
    }
  }

  get(document: number): Vectors {
    const pieces = this.#sql
      .exec<{ bytes: ArrayBuffer }>(
        "SELECT bytes FROM vectors WHERE place BETWEEN ? AND ? ORDER BY place",
        document * maxPieces,
        document * maxPieces + maxPieces - 1,
      )
      .toArray();
    const bytes = pieces.length === 1 ? pieces[0]!.bytes : joined(pieces.map(({ bytes }) => bytes));
    const rows = bytes.byteLength / (Float32Array.BYTES_PER_ELEMENT + this.#dimensions);
    return {
      scales: new Float32Array(bytes, 0, rows),
      values: new Int8Array(bytes, rows * Float32Array.BYTES_PER_ELEMENT),
    };
  }

  remove(document: number): void {
    this.#sql.exec(
      "DELETE FROM vectors WHERE place BETWEEN ? AND ?",
      document * maxPieces,
      document * maxPieces + maxPieces - 1,
    );
  }
}

/** Bytes of vectors that fit a document. */
export const maxVectorBytes = pieceBytes * maxPieces;

function joined(pieces: readonly ArrayBuffer[]): ArrayBuffer {
  const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(new Uint8Array(piece), end);
    end += piece.byteLength;
  }
  return bytes.buffer;
}
