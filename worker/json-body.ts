/** Reads a request's JSON body, refusing what is too large before it is in memory. */
import { NearvecError } from "../shared/errors.ts";
import { maxBodyBytes } from "../shared/limits.ts";
import { checkJsonShape } from "./json-shape.ts";
import { readText } from "./request-body.ts";

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
  return parseJson(await readText(request, maxBodyBytes, "Send the inputs in several requests."));
}

/** @param text null for what is no text */
function parseJson(text: string | null): unknown {
  if (text === null) {
    throw new NearvecError("invalid_json", "Expected the body to be JSON, but it is not valid UTF-8.");
  }
  checkJsonShape(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : "it is no JSON";
    throw new NearvecError("invalid_json", `Expected the body to be JSON, but ${reason}.`, { cause });
  }
}
