/** Texts to the bytes of an output, in order, and no more of them in memory than are being worked on. */
import { setTimeout as sleep } from "node:timers/promises";
import { inOrder } from "../index-documents/in-order.ts";
import type { TextBatch } from "./embed-work.ts";
import type { EmbeddedTexts } from "./embedded-texts.ts";
import type { Embedder } from "./embedder.ts";
import type { OutputFormat } from "./output-format.ts";
import type { InputBatch } from "./text-input.ts";

/** From so many texts on it pays to start threads. */
const manyTexts = 8192;

/** Milliseconds in which they must have come. */
const patienceMilliseconds = 500;

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

/**
 * Looks ahead whether there are many texts. Who sends them slowly, such as `tail -f`, wants answers at once, not
 * threads.
 *
 * @returns all batches still, the first ones included
 */
export async function lookAhead(
  batches: AsyncGenerator<InputBatch>,
): Promise<{ readonly many: boolean; readonly batches: AsyncGenerator<InputBatch> }> {
  const seen: InputBatch[] = [];
  const patience = sleep(patienceMilliseconds, null, { ref: false });
  const askNext = () => {
    const next = batches.next();
    // It may fail before its turn has come; it is awaited then.
    next.catch(() => {});
    return next;
  };
  let count = 0;
  let next = askNext();
  async function* all(): AsyncGenerator<InputBatch> {
    yield* seen;
    for (; ; next = askNext()) {
      const { value, done } = await next;
      if (done) return;
      yield value;
    }
  }
  while (count < manyTexts) {
    const found = await Promise.race([next, patience]);
    if (found === null || found.done) return { many: false, batches: all() };
    seen.push(found.value);
    count += found.value.texts.length;
    next = askNext();
  }
  return { many: true, batches: all() };
}
