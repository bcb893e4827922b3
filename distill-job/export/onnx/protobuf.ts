/**
 * Writes Protocol Buffers: as much of the wire format as ONNX needs.
 * Format: https://protobuf.dev/programming-guides/encoding/
 */

/** Pieces of an encoded message, joined once at the end: tables are large. */
export type Encoded = readonly Uint8Array[];

const wireVarint = 0;
const wireBytes = 2;
const encoder = new TextEncoder();

/** A field with a whole number. */
export function numberField(field: number, value: number | bigint): Encoded {
  return [varint((field << 3) | wireVarint), varint(value)];
}

/** A field with text. */
export function textField(field: number, text: string): Encoded {
  return bytesField(field, encoder.encode(text));
}

/** A field with bytes, which are not copied. */
export function bytesField(field: number, bytes: Uint8Array): Encoded {
  return [varint((field << 3) | wireBytes), varint(bytes.length), bytes];
}

/** A field with a message, made of its fields. */
export function messageField(field: number, ...fields: readonly Encoded[]): Encoded {
  const pieces = fields.flat();
  return [varint((field << 3) | wireBytes), varint(byteLength(pieces)), ...pieces];
}

/** Joins the fields of the outermost message. */
export function message(...fields: readonly Encoded[]): Uint8Array {
  const pieces = fields.flat();
  const bytes = new Uint8Array(byteLength(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function byteLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Seven bits a byte, the lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
