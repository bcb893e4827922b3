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
  // HTTP ends a body at its announced length, so one read is safe; only a body of unknown length is counted.
  if (announcedBytes(request, maxBytes, advice) !== null) {
    const bytes = await request.arrayBuffer();
    if (bytes.byteLength > maxBytes) throw tooLarge(`${bytes.byteLength}`, maxBytes, advice);
    return new Uint8Array(bytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream: the rest is never read.
    if (length > maxBytes) throw tooLarge("more", maxBytes, advice);
    chunks.push(chunk);
  }
  return concatenate(chunks, length);
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

/**
 * Reads at most so many bytes of UTF-8; null if they are none.
 *
 * In workerd `text()` is a fifth of a request cheaper than `arrayBuffer()`, but puts U+FFFD in place of what is no
 * UTF-8. Each stands for one to three bytes and has three itself, so a text with some of them is longer than its body
 * was unless they were sent as they are. One thing passes: a character of four bytes that lacks its last.
 *
 * @throws NearvecError `payload_too_large`, `unsupported_media_type`
 */
export function readText(request: Request, maxBytes: number, advice: string): Promise<string | null> {
  expectPlainBody(request);
  const announced = announcedBytes(request, maxBytes, advice);
  if (announced === null) return readBody(request, maxBytes, advice).then(decodeUtf8);
  return request.text().then((text) => {
    if (text.length > maxBytes) throw tooLarge("more", maxBytes, advice);
    return text.includes("\uFFFD") && encoder.encode(text).length !== announced ? null : text;
  });
}

/** Bytes of the body as its request announces them; null if it does not. */
function announcedBytes(request: Request, maxBytes: number, advice: string): number | null {
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced > maxBytes) throw tooLarge(`${announced}`, maxBytes, advice);
  return announced >= 0 ? announced : null;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function tooLarge(got: string, maxBytes: number, advice: string): NearvecError {
  return new NearvecError(
    "payload_too_large",
    `Expected a body of at most ${maxBytes} bytes, got ${got}. ${advice}`,
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
