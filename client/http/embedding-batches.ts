/** Splits texts into requests that a worker accepts. */
import { maxBodyBytes, maxCharactersPerRequest, maxInputsPerRequest } from "../../shared/limits.ts";

/** Some of the caller's texts, one after the other. */
export interface EmbeddingBatch {
  /** Index of its first text. */
  readonly start: number;
  readonly count: number;
  /** The texts as a JSON array. */
  readonly input: string;
}

/** Bytes of a body that are not texts: the other fields, with room for a long name of a model. */
const otherBytes = 4096;

const encoder = new TextEncoder();

/** @param maxTexts Texts of a request. A text too long for any request gets one of its own, which the worker refuses. */
export function embeddingBatches(texts: readonly string[], maxTexts = maxInputsPerRequest): EmbeddingBatch[] {
  const batches: EmbeddingBatch[] = [];
  let start = 0;
  let bytes = 0;
  let characters = 0;
  let printed: string[] = [];
  const finish = (): void => {
    if (printed.length === 0) return;
    batches.push({ start, count: printed.length, input: `[${printed.join(",")}]` });
    start += printed.length;
    bytes = 0;
    characters = 0;
    printed = [];
  };
  for (const text of texts) {
    const json = JSON.stringify(text);
    const size = encoder.encode(json).length + 1;
    const isFull =
      printed.length === maxTexts ||
      bytes + size > maxBodyBytes - otherBytes ||
      characters + text.length > maxCharactersPerRequest;
    if (isFull) finish();
    printed.push(json);
    bytes += size;
    characters += text.length;
  }
  finish();
  return batches;
}
