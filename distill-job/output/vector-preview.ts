/** Vectors for a person's eyes: each text and its first few numbers. */
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import type { NumberType } from "../../shared/embedding/number-types.ts";
import type { Embedder } from "../embed-texts/embedder.ts";
import type { InputBatch } from "../embed-texts/text-input.ts";
import { printableText } from "./printable-text.ts";

/** Columns of a number, a space before it included. */
const numberColumns = 8;
const maxShownNumbers = 8;

/** @param embedder one that renders rows */
export async function previewVectors(
  batches: AsyncIterable<InputBatch>,
  embedder: Embedder,
  type: NumberType,
  out: WriteStream,
): Promise<void> {
  let first = 0;
  for await (const { texts } of batches) {
    const { bytes } = await embedder.embed({ texts, first });
    const numbers = numbersOf(bytes, type);
    const width = numbers.length / texts.length;
    texts.forEach(({ text }, i) => {
      out.write(previewVector(text, numbers.subarray(i * width, (i + 1) * width), out.columns));
    });
    first += texts.length;
  }
  const how = `${embedder.modelName}; all numbers with --json, --format jsonl or -o vectors.npy`;
  out.write(`${styleText("dim", how)}\n`);
}

/** The text in one line, and below it as many numbers as there is room for. */
export function previewVector(
  text: string,
  numbers: Float32Array | Int8Array | Uint8Array,
  columns: number,
): string {
  const room = Math.max(1, Math.floor((columns - numberColumns) / numberColumns));
  const shown = Array.from(numbers.subarray(0, Math.min(maxShownNumbers, room)), (value) =>
    (numbers instanceof Float32Array ? value.toFixed(4) : String(value)).padStart(numberColumns - 1),
  );
  const rest = shown.length < numbers.length ? ` … ${numbers.length}` : "";
  return `${firstLine(text, columns)}\n${shown.join(" ")}${styleText("dim", rest)}\n`;
}

function firstLine(text: string, columns: number): string {
  const lines = wrapAnsi(printableText(text).trim(), Math.max(8, columns - 1), { hard: true }).split("\n");
  return lines.length > 1 ? `${lines[0]!.trimEnd()}…` : lines[0]!;
}

function numbersOf(bytes: Uint8Array, type: NumberType): Float32Array | Int8Array | Uint8Array {
  switch (type) {
    case "float":
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    case "int8":
    case "binary":
      return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    default:
      return bytes;
  }
}
