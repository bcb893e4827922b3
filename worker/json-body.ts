/** Reads a request's JSON body, refusing what is too large before it is in memory. */
import { NearvecError } from "../shared/errors.ts";
import { maxBodyBytes, smallBodyBytes } from "../shared/limits.ts";
import { checkJsonShape } from "./json-shape.ts";
import { announcedBytes, readAnnouncedText, readBody } from "./request-body.ts";

const jsonTypePattern = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * @param request A request without a content type is taken for JSON, as OpenAI's API does.
 * @param options anyType: whether the content type is not looked at, for an API whose callers never give one
 * @throws NearvecError `unsupported_media_type`, `payload_too_large`, `invalid_json`, `invalid_request` for too much of it.
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
  if (announcedBytes(request) <= smallBodyBytes) return parseJson(await readAnnouncedText(request));
  const bytes = await readBody(request, maxBodyBytes, "Send the inputs in several requests.");
  checkJsonShape(bytes);
  return parseJson(decodeUtf8(bytes));
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Null if it is none. */
function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** @param text null for what is no UTF-8 */
function parseJson(text: string | null): unknown {
  if (text === null) {
    throw new NearvecError("invalid_json", "Expected the body to be JSON, but it is not valid UTF-8.");
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : "it is too much to parse";
    throw new NearvecError("invalid_json", `Expected the body to be JSON, but ${reason}.`, { cause });
  }
}
