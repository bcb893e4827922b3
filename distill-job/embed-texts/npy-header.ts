/** The header of a .npy file, numpy's format of one array. */
import type { NumberType } from "../../shared/embedding/number-types.ts";
import { columnsOf } from "./row-columns.ts";

/** Bytes of the header, whatever is in it: rows begin at a multiple of 64, and the shape can be written later. */
export const npyHeaderBytes = 128;

const descriptions: Readonly<Record<NumberType, string>> = {
  float: "<f4",
  int8: "|i1",
  uint8: "|u1",
  binary: "|i1",
  ubinary: "|u1",
};

/**
 * Version 1.0: magic, version, length of the rest in 16 bits, a Python literal, spaces and a line's end
 * (numpy/lib/format.py).
 */
export function npyHeader({
  texts,
  dimensions,
  type,
}: {
  readonly texts: number;
  readonly dimensions: number;
  readonly type: NumberType;
}): Uint8Array {
  const shape = `(${texts}, ${columnsOf(dimensions, type)})`;
  const literal = `{'descr': '${descriptions[type]}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = new Uint8Array(npyHeaderBytes).fill(0x20);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, npyHeaderBytes - 10, true);
  header.set(new TextEncoder().encode(literal), 10);
  header[npyHeaderBytes - 1] = 0x0a;
  return header;
}
