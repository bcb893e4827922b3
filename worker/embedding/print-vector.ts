/** Vectors as JSON, each printed into the answer as soon as it is made. */
import { type NumberType, type TypedVector, toNumberType } from "../../shared/embedding/number-types.ts";
import type { AnswerText } from "./answer-text.ts";

/** How the numbers are written: one by one, or as base64 of their little-endian bytes. */
export type Encoding = "float" | "base64";

export type PrintVector = (vector: Float32Array, answer: AnswerText) => void;

/** Chooses once for a request how its vectors are printed. */
export function vectorPrinter(encoding: Encoding, type: NumberType = "float"): PrintVector {
  if (encoding === "base64") {
    const bytesOf = rememberedBytes();
    return (vector, answer) =>
      answer
        .add('"')
        .addBase64(bytesOf(toNumberType(vector, type)))
        .add('"');
  }
  if (type === "float") return printNumbers;
  return (vector, answer) => answer.add(`[${toNumberType(vector, type).join(",")}]`);
}

/** The bytes of a vector, which is mostly the same one with other numbers in it: a view takes a while to make. */
function rememberedBytes(): (vector: TypedVector) => Uint8Array {
  let last: TypedVector | undefined;
  let bytes: Uint8Array;
  return (vector) => {
    if (vector !== last) bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
    last = vector;
    return bytes;
  };
}

/** About how many bytes so many printed vectors take, and a few fields beside each. */
export function printedBytes(vectors: number, dimensions: number, encoding: Encoding = "float"): number {
  const bytesPerNumber = encoding === "base64" ? 16 / 3 : 12.5;
  return 512 + vectors * (64 + Math.ceil(dimensions * bytesPerNumber));
}

/** An array of numbers that read back as the same float32 values: half as long as what JavaScript prints of them. */
export function printNumbers(vector: Float32Array, answer: AnswerText): void {
  answer.add("[").addNumbers(vector).add("]");
}

/** Prints one vector after the other with commas between them, for `encodeInputs` to call. */
export function listPrinter(
  print: PrintVector,
  answer: AnswerText,
): (vector: Float32Array, index: number) => void {
  return (vector, index) => {
    if (index > 0) answer.add(",");
    print(vector, answer);
  };
}

/** An array of such arrays. */
export function printRows(vectors: readonly Float32Array[], answer: AnswerText): void {
  answer.addList(vectors, (vector) => printNumbers(vector, answer));
}

/** A JSON object of at least one field, and behind the others its vector, if it has one. */
export function printWithVector(
  object: object,
  vector: Float32Array | null | undefined,
  answer: AnswerText,
): void {
  const json = JSON.stringify(object);
  if (vector == null) {
    answer.add(json);
    return;
  }
  answer.add(json.slice(0, -1)).add(',"vector":');
  printNumbers(vector, answer);
  answer.add("}");
}
