/**
 * Vectors in fewer bits: 8-bit integers, and one bit per dimension.
 *
 * Each is made of the vector's direction alone, so that vectors of one model and width can be compared whatever
 * texts they came with.
 */

/** The types in which a vector can be sent. */
export const numberTypes = ["float", "int8", "uint8", "binary", "ubinary"] as const;
export type NumberType = (typeof numberTypes)[number];

/** A vector in one of the types. */
export type TypedVector = Float32Array | Int8Array | Uint8Array;

/**
 * Standard deviations that the integers reach. A component of a random unit vector of d dimensions has a deviation
 * of 1 / sqrt(d), and sentences of the default models stay below 5 of them; single words may be clipped.
 */
const clippedDeviations = 5;

/** What the components of a unit vector are multiplied by to become integers from -127 to 127. */
export function integerScale(dimensions: number): number {
  return (127 * Math.sqrt(dimensions)) / clippedDeviations;
}

/** Turns a vector into another type. `float` is the vector itself, not a copy. */
export function toNumberType(vector: Float32Array, type: NumberType): TypedVector {
  switch (type) {
    case "float":
      return vector;
    case "int8":
      return toIntegers(vector, new Int8Array(vector.length), 0);
    case "uint8":
      return toIntegers(vector, new Uint8Array(vector.length), 128);
    case "binary":
      return toBits(vector, new Int8Array(Math.ceil(vector.length / 8)), 128);
    case "ubinary":
      return toBits(vector, new Uint8Array(Math.ceil(vector.length / 8)), 0);
  }
}

/** `clamp(round(x / |x| * integerScale), -127, 127) + zero`; zeros for the zero vector. */
function toIntegers<Integers extends Int8Array | Uint8Array>(
  vector: Float32Array,
  integers: Integers,
  zero: number,
): Integers {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const scale = squares === 0 ? 0 : integerScale(vector.length) / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) {
    const rounded = Math.round(vector[i]! * scale);
    integers[i] = zero + Math.max(-127, Math.min(127, rounded));
  }
  return integers;
}

/**
 * One bit per dimension, set where it is above zero, the first dimension in the highest bit of the first byte, as
 * numpy's `packbits` and Sentence Transformers' `quantize_embeddings` have it. `binary` has 128 taken off each byte.
 */
function toBits<Bytes extends Int8Array | Uint8Array>(
  vector: Float32Array,
  bytes: Bytes,
  offset: number,
): Bytes {
  for (let at = 0; at < bytes.length; at++) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte = byte * 2 + Number((vector[at * 8 + bit] ?? 0) > 0);
    bytes[at] = byte - offset;
  }
  return bytes;
}
