/** Splits documents into requests that a worker accepts, as they come. */
import { NearvecError } from "../../shared/errors.ts";
import { maxBodyBytes, maxDocumentsPerRequest } from "../../shared/limits.ts";

/** A document to write. One of text and vector must be there. */
export interface NewDocument {
  /** Whatever was stored under it is replaced. */
  readonly id: string;
  readonly text?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** In place of the vector that the worker would make of the text. */
  readonly vector?: ArrayLike<number>;
}

export interface DocumentBatch {
  /** Index of its first document among all. */
  readonly start: number;
  readonly count: number;
  readonly body: string;
}

/** Bytes of a body around its documents. */
const otherBytes = 64;

const encoder = new TextEncoder();

/**
 * A document whose id is in the batch already begins the next one: of several with one id the last stays, and a
 * worker takes each only once in a request.
 */
export async function* documentBatches(
  documents: Iterable<NewDocument> | AsyncIterable<NewDocument>,
): AsyncGenerator<DocumentBatch> {
  let start = 0;
  let bytes = 0;
  let printed: string[] = [];
  let ids = new Set<string>();
  const finish = (): DocumentBatch => {
    const batch = { start, count: printed.length, body: `{"documents":[${printed.join(",")}]}` };
    start += printed.length;
    bytes = 0;
    printed = [];
    ids = new Set();
    return batch;
  };
  for await (const document of documents) {
    const json = print(document, start + printed.length);
    const size = encoder.encode(json).length + 1;
    const isFull = printed.length === maxDocumentsPerRequest || bytes + size > maxBodyBytes - otherBytes;
    if (printed.length > 0 && (isFull || ids.has(document.id))) yield finish();
    printed.push(json);
    ids.add(document.id);
    bytes += size;
  }
  if (printed.length > 0) yield finish();
}

function print(document: NewDocument, index: number): string {
  try {
    const { vector } = document;
    return JSON.stringify(vector === undefined ? document : { ...document, vector: Array.from(vector) });
  } catch (cause) {
    const param = `documents[${index}]`;
    const message = `Expected ${param} to be what JSON can say: ${(cause as Error).message}.`;
    throw new NearvecError("invalid_request", message, { param, cause });
  }
}
