/** Sorted strings as one run of UTF-8 bytes and the offsets of their beginnings: ids, terms, values of a field. */
import { checkOffsets } from "./offsets.ts";
import type { PartFile, PartTensor } from "./part-file.ts";

export interface StringTable {
  /** First byte of each string; one more element, the number of bytes. */
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** @param strings well-formed */
export function encodeStrings(strings: readonly string[]): StringTable {
  const offsets = new Uint32Array(strings.length + 1);
  const pieces = strings.map((string, i) => {
    const bytes = encoder.encode(string);
    offsets[i + 1] = offsets[i]! + bytes.length;
    return bytes;
  });
  const bytes = new Uint8Array(offsets[strings.length]!);
  pieces.forEach((piece, i) => {
    bytes.set(piece, offsets[i]!);
  });
  return { offsets, bytes };
}

/** The two tensors of a table: `<name>_offsets` and `<name>_bytes`. */
export function stringTensors(name: string, { offsets, bytes }: StringTable): PartTensor[] {
  return [
    { name: `${name}_offsets`, type: "U32", data: offsets },
    { name: `${name}_bytes`, type: "U8", data: bytes },
  ];
}

/** @param count strings that there must be; any number if not given */
export function readStrings(part: PartFile, name: string, count?: number): StringTable {
  const bytes = part.tensor(`${name}_bytes`, "U8");
  const offsets = part.tensor(`${name}_offsets`, "U32", count === undefined ? undefined : count + 1);
  checkOffsets(part, `${name}_offsets`, offsets, bytes.length);
  return { offsets, bytes };
}

export function countStrings({ offsets }: StringTable): number {
  return offsets.length - 1;
}

/** @param index from 0 to the number of strings less 1 */
export function stringAt({ offsets, bytes }: StringTable, index: number): string {
  return decoder.decode(bytes.subarray(offsets[index], offsets[index + 1]));
}

/** The place of a string by binary search; -1 if it is not in the table. */
export function findString(table: StringTable, string: string): number {
  const wanted = encodeWanted(string);
  const index = lowerBound(table, wanted);
  return index < countStrings(table) && compareAt(table, index, wanted) === 0 ? index : -1;
}

/** How many strings of the table come before this one. */
export function countBefore(table: StringTable, string: string): number {
  return lowerBound(table, encodeWanted(string));
}

/** The first string that does not come after the one before it; -1 if all are in order and none is there twice. */
export function firstOutOfOrder(table: StringTable): number {
  for (let i = 1; i < countStrings(table); i++) {
    const previous = table.bytes.subarray(table.offsets[i - 1], table.offsets[i]);
    if (compareAt(table, i, previous) <= 0) return i;
  }
  return -1;
}

/** A word is looked for in one segment after the other: it is encoded once. */
let encoded: { readonly string: string; readonly bytes: Uint8Array } = {
  string: "",
  bytes: new Uint8Array(),
};

function encodeWanted(string: string): Uint8Array {
  if (encoded.string !== string) encoded = { string, bytes: encoder.encode(string) };
  return encoded.bytes;
}

function lowerBound(table: StringTable, wanted: Uint8Array): number {
  let low = 0;
  let high = countStrings(table);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(table, middle, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The string at a place against another: below, equal to, or above 0. */
function compareAt({ offsets, bytes }: StringTable, index: number, wanted: Uint8Array): number {
  const start = offsets[index]!;
  const length = offsets[index + 1]! - start;
  const common = Math.min(length, wanted.length);
  for (let i = 0; i < common; i++) {
    const difference = bytes[start + i]! - wanted[i]!;
    if (difference !== 0) return difference;
  }
  return length - wanted.length;
}
