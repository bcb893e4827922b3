/** The work on one batch of texts: embed them, and print or pack their vectors. */

import { type NumberType, type TypedVector, toNumberType } from "../../shared/embedding/number-types.ts";
import { NearvecError } from "../../shared/errors.ts";
import { VectorPrinter } from "../../shared/kernel/vector-printer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import type { InputText } from "./text-input.ts";

/** How vectors leave: as the bytes of their numbers, or as JSON. */
export type Rendering = "rows" | "json" | "jsonl";

export interface EmbedSettings {
  /** Dimensions to keep; all if not given. */
  readonly dimensions: number | undefined;
  /** The model's own setting if not given. */
  readonly normalize: boolean | undefined;
  readonly type: NumberType;
  readonly rendering: Rendering;
  /** Whether lines of JSON repeat their texts. */
  readonly withText: boolean;
}

/** A batch, and how many texts were before it. */
export interface TextBatch {
  readonly texts: readonly InputText[];
  readonly first: number;
}

export interface RenderedBatch {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Dimensions of the vectors before they were packed. */
  readonly dimensions: number;
  readonly tokens: number;
  /** Texts without a token that the model knows: their vectors are zeros. */
  readonly unknown: number;
}

/** What a thread is asked: to load a model, or to embed with the one that it has. */
export type EmbedQuestion =
  | { readonly kind: "load"; readonly model: Uint8Array }
  | { readonly kind: "embed"; readonly batch: TextBatch; readonly settings: EmbedSettings };

const encoder = new TextEncoder();
let loaded: StaticModel | undefined;

/** Answers what a thread is asked; null once the model is loaded. */
export async function answerEmbedQuestion(question: EmbedQuestion): Promise<RenderedBatch | null> {
  if (question.kind === "load") {
    loaded = await StaticModel.load(question.model);
    return null;
  }
  if (loaded === undefined) throw new NearvecError("internal_error", "A thread was asked without a model.");
  return embedBatch(loaded, question.batch, question.settings);
}

/** @throws NearvecError invalid_request for dimensions that the model has not */
export function embedBatch(model: StaticModel, batch: TextBatch, settings: EmbedSettings): RenderedBatch {
  const { dimensions, normalize } = settings;
  const width = dimensions ?? model.dimensions;
  const options = {
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(normalize === undefined ? {} : { normalize }),
  };
  const matrix = new Float32Array(batch.texts.length * width);
  let tokens = 0;
  let unknown = 0;
  batch.texts.forEach(({ text }, i) => {
    const count = model.encodeInto(text, matrix, i * width, options);
    tokens += count;
    if (count === 0) unknown++;
  });
  const vectors = batch.texts.map((_, i) => matrix.subarray(i * width, (i + 1) * width));
  return { ...renderBatch(vectors, batch, settings), dimensions: width, tokens, unknown };
}

/** @param vectors one per text */
export function renderBatch(
  vectors: readonly Float32Array[],
  { texts, first }: TextBatch,
  { type, rendering, withText }: EmbedSettings,
): Pick<RenderedBatch, "bytes" | "count"> {
  const rows = vectors.map((vector) => toNumberType(vector, type));
  const count = rows.length;
  if (rendering === "rows") {
    const bytes = new Uint8Array(rows.reduce((sum, row) => sum + row.byteLength, 0));
    let at = 0;
    for (const row of rows) {
      bytes.set(new Uint8Array(row.buffer, row.byteOffset, row.byteLength), at);
      at += row.byteLength;
    }
    return { bytes, count };
  }
  // Joined by hand, as JSON.stringify would print them: no array of numbers is made only to be printed.
  const printed = rows.map((row, i) => {
    const numbers = `[${printNumbers(row)}]`;
    const index = first + i;
    if (rendering === "json") {
      return `${index > 0 ? "," : ""}{"object":"embedding","index":${index},"embedding":${numbers}}`;
    }
    const { id, text } = texts[i]!;
    const named = id === undefined ? "" : `,"id":${JSON.stringify(id)}`;
    return `{"index":${index}${named}${withText ? `,"text":${JSON.stringify(text)}` : ""},"embedding":${numbers}}\n`;
  });
  return { bytes: encoder.encode(printed.join("")), count };
}

/** Made when it is first used: most commands print none. */
let printer: VectorPrinter | undefined;

/** With commas between them: of float32 values the fewest digits that read back as the same, as a worker answers. */
function printNumbers(row: TypedVector): string {
  if (!(row instanceof Float32Array)) return row.join(",");
  printer ??= new VectorPrinter();
  let text = "";
  printer.numbers(row, ({ buffer, byteOffset, length }) => {
    text += Buffer.from(buffer as ArrayBuffer, byteOffset, length).toString("latin1");
  });
  return text;
}
