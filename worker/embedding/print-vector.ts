/**
 * Vectors as JSON, put together by hand: neither arrays of numbers nor an object per vector are made only to be
 * printed.
 */
import { encodeBase64 } from "../../shared/api/base64.ts";
import { type NumberType, type TypedVector, toNumberType } from "../../shared/embedding/number-types.ts";

/** How the numbers are written: one by one, or as base64 of their little-endian bytes. */
export type Encoding = "float" | "base64";

/** Chooses once for a request how its vectors are printed. */
export function vectorPrinter(
  encoding: Encoding,
  type: NumberType = "float",
): (vector: Float32Array) => string {
  const print = encoding === "base64" ? printBase64 : printNumbers;
  return type === "float" ? print : (vector) => print(toNumberType(vector, type));
}

/** Joins numbers just as JSON.stringify prints them; vectors are finite, so no NaN can slip in. */
export function printNumbers(vector: TypedVector): string {
  return `[${vector.join(",")}]`;
}

function printBase64(vector: TypedVector): string {
  return `"${encodeBase64(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))}"`;
}
