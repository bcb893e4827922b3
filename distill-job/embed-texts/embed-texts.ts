/** Texts to the bytes of an output, in order, and no more of them in memory than are being worked on. */
import { inOrder } from "../index-documents/in-order.ts";
import type { TextBatch } from "./embed-work.ts";
import type { Embedder } from "./embedder.ts";
import type { EmbeddedTexts, OutputFormat } from "./output-format.ts";
import type { InputBatch } from "./text-input.ts";

/** From so many texts on it pays to start threads. */
const manyTexts = 8192;

export interface EmbedProgress {
  readonly texts: number;
  /** Bytes of files that have been read and embedded. */
  readonly bytes: number;
}

/** What came of texts; complete once the bytes have all been taken. */
export class EmbedResult {
  texts = 0;
  tokens = 0;
  /** Texts without a token that the model knows. */
  unknown = 0;
  dimensions = 0;
  model = "";

  /** @param type of the numbers */
  as(type: EmbeddedTexts["type"]): EmbeddedTexts {
    const { texts, tokens, dimensions, model } = this;
    return { texts, tokens, dimensions, model, type };
  }
}

/** @param result is filled in on the way */
export async function* embeddedBytes(
  batches: AsyncIterable<InputBatch>,
  embedder: Embedder,
  { format, type }: { readonly format: OutputFormat; readonly type: EmbeddedTexts["type"] },
  result: EmbedResult,
  onProgress: (progress: EmbedProgress) => void,
): AsyncGenerator<Uint8Array> {
  if (format.head.length > 0) yield format.head;
  result.dimensions = embedder.dimensions;
  const rendered = inOrder(numbered(batches), embedder.ahead, async ({ batch, bytes }) => ({
    ...(await embedder.embed(batch)),
    readBytes: bytes,
  }));
  for await (const { bytes, count, dimensions, tokens, unknown, readBytes } of rendered) {
    result.texts += count;
    result.tokens += tokens;
    result.unknown += unknown;
    result.dimensions = dimensions;
    yield bytes;
    onProgress({ texts: result.texts, bytes: readBytes });
  }
  result.model = embedder.modelName;
  const tail = format.tail(result.as(type));
  if (tail.length > 0) yield tail;
}

async function* numbered(
  batches: AsyncIterable<InputBatch>,
): AsyncGenerator<{ batch: TextBatch; bytes: number }> {
  let first = 0;
  for await (const { texts, bytes } of batches) {
    yield { batch: { texts, first }, bytes };
    first += texts.length;
  }
}

/** Looks ahead whether there are many texts. @returns all batches still, the first ones included */
export async function lookAhead(
  batches: AsyncGenerator<InputBatch>,
): Promise<{ readonly many: boolean; readonly batches: AsyncGenerator<InputBatch> }> {
  const seen: InputBatch[] = [];
  let count = 0;
  let ended = false;
  while (!ended && count < manyTexts) {
    const { value, done = false } = await batches.next();
    ended = done;
    if (value === undefined) continue;
    seen.push(value);
    count += value.texts.length;
  }
  async function* all(): AsyncGenerator<InputBatch> {
    yield* seen;
    if (!ended) yield* batches;
  }
  return { many: !ended, batches: all() };
}
