/** Reads a request's body, refusing what is too large before it is in memory. */
import { NearvecError } from "../shared/errors.ts";

/**
 * Reads at most so many bytes.
 *
 * @param advice What messages tell the caller to do about a body that is too large.
 * @throws NearvecError `payload_too_large`, `unsupported_media_type`
 */
export async function readBody(request: Request, maxBytes: number, advice: string): Promise<Uint8Array> {
  expectPlainBody(request);
  const tooLarge = (got: string): NearvecError =>
    new NearvecError(
      "payload_too_large",
      `Expected a body of at most ${maxBytes} bytes, got ${got}. ${advice}`,
    );
  const announced = announcedBytes(request);
  if (announced > maxBytes) throw tooLarge(`${announced}`);
  // HTTP ends a body at its announced length, so one read is safe; only a body of unknown length is counted.
  if (announced >= 0) {
    const bytes = await request.arrayBuffer();
    if (bytes.byteLength > maxBytes) throw tooLarge(`${bytes.byteLength}`);
    return new Uint8Array(bytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream: the rest is never read.
    if (length > maxBytes) throw tooLarge("more");
    chunks.push(chunk);
  }
  return concatenate(chunks, length);
}

/** Bytes of the body as its request announces them; NaN if it does not. */
export function announcedBytes(request: Request): number {
  return Number(request.headers.get("content-length") ?? Number.NaN);
}

/**
 * Reads a body whose length is announced as UTF-8; null if it is none.
 *
 * In workerd `text()` takes a fifth less of a small request than `arrayBuffer()`, but puts U+FFFD in place of what is
 * no UTF-8. Each stands for one to three bytes and has three itself, so a text with some of them is longer than its body
 * was, unless they were sent as they are. One thing passes: a character of four bytes that lacks its last.
 *
 * @throws NearvecError `unsupported_media_type`
 */
export async function readAnnouncedText(request: Request): Promise<string | null> {
  expectPlainBody(request);
  const text = await request.text();
  if (!text.includes("\uFFFD")) return text;
  return new TextEncoder().encode(text).length === announcedBytes(request) ? text : null;
}

/**
 * Refuses compressed bodies: what they unpack to could be any size.
 *
 * @throws NearvecError `unsupported_media_type`
 */
export function expectPlainBody(request: Request): void {
  const encoding = request.headers.get("content-encoding");
  if (encoding === null || encoding === "identity") return;
  throw new NearvecError(
    "unsupported_media_type",
    `Expected an uncompressed body, got content-encoding ${encoding.slice(0, 40)}. Send it as it is, in several requests if it is large.`,
  );
}

/** One array of several. @param length of all together */
export function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
