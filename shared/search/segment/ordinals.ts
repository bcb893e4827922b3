/** Sets of documents of a segment, such as the deleted ones, as short strings of JSON. */
import { decodeBase64, encodeBase64 } from "../../api/base64.ts";
import { NearvecError } from "../../errors.ts";
import { bitmapBytes, hasBit, makeBitmap, setBit } from "./bitmap.ts";
import { VarintReader, varintBytes, writeVarint } from "./varint.ts";

/** The first byte says which of the two follows. */
const asGaps = 0;
const asBitmap = 1;

/**
 * Prints ordinals in base64: the gaps between them as varints, or a bitmap, whichever is shorter. None are "".
 *
 * @param ordinals ascending, each once
 */
export function encodeOrdinals(ordinals: ArrayLike<number>): string {
  const { length } = ordinals;
  if (length === 0) return "";
  let gapBytes = 0;
  for (let i = 0; i < length; i++) {
    const gap = ordinals[i]! - (i === 0 ? 0 : ordinals[i - 1]! + 1);
    if (!(gap >= 0)) throw new RangeError(`Expected ascending ordinals, got ${ordinals[i]} out of order`);
    gapBytes += varintBytes(gap);
  }
  const documents = ordinals[length - 1]! + 1;
  if (bitmapBytes(documents) < gapBytes) {
    const bytes = new Uint8Array(1 + bitmapBytes(documents)).fill(asBitmap, 0, 1);
    for (let i = 0; i < length; i++) setBit(bytes.subarray(1), ordinals[i]!);
    return encodeBase64(bytes);
  }
  const bytes = new Uint8Array(1 + gapBytes).fill(asGaps, 0, 1);
  let position = 1;
  for (let i = 0; i < length; i++) {
    position = writeVarint(bytes, position, ordinals[i]! - (i === 0 ? 0 : ordinals[i - 1]! + 1));
  }
  return encodeBase64(bytes);
}

/**
 * Reads what `encodeOrdinals` printed as a bitmap of a segment's documents.
 *
 * @param documents in the segment
 * @throws NearvecError artifact_corrupt
 */
export function decodeOrdinalBitmap(text: string, documents: number): Uint8Array {
  const bitmap = makeBitmap(documents);
  for (const ordinal of decodeOrdinals(text, documents)) setBit(bitmap, ordinal);
  return bitmap;
}

/**
 * Reads what `encodeOrdinals` printed.
 *
 * @param documents in the segment: ordinals are below it
 * @returns ascending ordinals, each once
 * @throws NearvecError artifact_corrupt
 */
export function decodeOrdinals(text: string, documents: number): Uint32Array {
  if (text === "") return new Uint32Array();
  const bytes = decodeBase64(text);
  if (bytes === null) throw corrupt("base64", JSON.stringify(text.slice(0, 40)));
  if (bytes[0] === asBitmap) return ordinalsOfBitmap(bytes.subarray(1), documents);
  if (bytes[0] !== asGaps) throw corrupt("a list of gaps or a bitmap", `kind ${bytes[0]}`);
  const reader = new VarintReader(bytes, 1);
  const ordinals: number[] = [];
  let next = 0;
  while (!reader.done) {
    const gap = reader.next();
    if (gap < 0 || next + gap >= documents) throw corrupt(`ordinals below ${documents}`, `${next + gap}`);
    ordinals.push(next + gap);
    next += gap + 1;
  }
  return Uint32Array.from(ordinals);
}

function ordinalsOfBitmap(bitmap: Uint8Array, documents: number): Uint32Array {
  const ordinals: number[] = [];
  for (let document = 0; document < bitmap.length * 8; document++) {
    if (!hasBit(bitmap, document)) continue;
    if (document >= documents) throw corrupt(`ordinals below ${documents}`, `${document}`);
    ordinals.push(document);
  }
  return Uint32Array.from(ordinals);
}

function corrupt(expected: string, got: string): NearvecError {
  return new NearvecError(
    "artifact_corrupt",
    `Expected ${expected} as the ordinals of deleted documents, got ${got}. The manifest is damaged.`,
  );
}
