/** Reads a request's JSON body, refusing what is too large before it is in memory. */
import { NearvecError } from "../shared/errors.ts";
import { maxBodyBytes } from "../shared/limits.ts";

const jsonTypePattern = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * @param request A request without a content type is taken for JSON, as OpenAI's API does.
 * @param options anyType: whether the content type is not looked at, for an API whose callers never give one
 * @throws NearvecError `unsupported_media_type`, `payload_too_large`, `invalid_json`.
 */
export async function readJsonBody(
  request: Request,
  { anyType = false }: { readonly anyType?: boolean } = {},
): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type !== null && !anyType && !jsonTypePattern.test(type)) {
    throw new NearvecError(
      "unsupported_media_type",
      `Expected content-type application/json, got ${type}. Send JSON and say so: -H 'content-type: application/json' in curl.`,
    );
  }
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    throw new NearvecError(
      "unsupported_media_type",
      `Expected an uncompressed body, got content-encoding ${encoding}. Send it as it is.`,
    );
  }
  return parseJson(await readBytes(request));
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function parseJson(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : "it is not valid UTF-8";
    throw new NearvecError("invalid_json", `Expected the body to be JSON, but ${reason}.`, { cause });
  }
}

/** Reads at most maxBodyBytes. */
async function readBytes(request: Request): Promise<ArrayBuffer | Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced > maxBodyBytes) throw tooLarge(`${announced}`);
  // HTTP ends a body at its announced length, so one read is safe; only a body of unknown length is counted.
  if (announced >= 0) {
    const bytes = await request.arrayBuffer();
    if (bytes.byteLength > maxBodyBytes) throw tooLarge(`${bytes.byteLength}`);
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    // Leaving the loop cancels the stream: the rest is never read.
    if (length > maxBodyBytes) throw tooLarge("more");
    chunks.push(chunk);
  }
  return concatenate(chunks, length);
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(got: string): NearvecError {
  return new NearvecError(
    "payload_too_large",
    `Expected a body of at most ${maxBodyBytes} bytes, got ${got}. Send the inputs in several requests.`,
  );
}
