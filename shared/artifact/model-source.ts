/** Where a model file's bytes come from, as one stream of chunks. */
import { NearvecError } from "../errors.ts";

/**
 * Anything that a model can be loaded from: bytes in memory, a fetch's response, a stream, or chunks of
 * one's own making. A chunk is copied before the next is asked for, so its buffer may be used again.
 */
export type ModelSource =
  | Uint8Array
  | ArrayBuffer
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** The chunks of a source, and how many bytes they should add up to where the source knows. */
export interface Chunks {
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly size: number | undefined;
}

/** @throws NearvecError invalid_request for a response that is no success, or something that is no source */
export function chunksOf(source: ModelSource): Chunks {
  if (source instanceof Uint8Array) return { chunks: [source], size: source.length };
  if (source instanceof ArrayBuffer) return { chunks: [new Uint8Array(source)], size: source.byteLength };
  if (source instanceof Response) {
    if (!source.ok || source.body === null) {
      throw new NearvecError(
        "invalid_request",
        `Expected a response with a model file, got status ${source.status} from ${source.url || "the server"}.`,
      );
    }
    // Content-Length counts what was sent: with a content encoding, that is not what arrives here.
    const length = source.headers.has("content-encoding") ? null : source.headers.get("content-length");
    return { chunks: streamChunks(source.body), size: length === null ? undefined : Number(length) };
  }
  if (source instanceof ReadableStream) return { chunks: streamChunks(source), size: undefined };
  if (typeof source === "object" && source !== null && Symbol.asyncIterator in source) {
    return { chunks: source, size: undefined };
  }
  throw new NearvecError(
    "invalid_request",
    "Expected a model as bytes, a Response, a ReadableStream or chunks. In Node: StaticModel.load(await readFile(path)).",
  );
}

/** Not every browser can iterate over a stream. */
async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    finished = true;
  } finally {
    if (!finished) await reader.cancel();
    reader.releaseLock();
  }
}
