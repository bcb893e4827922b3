/** Turns an answer that is no success into our error, whoever gave it: the worker or something before it. */
import type { ErrorResponse } from "../../shared/api/error-response.ts";
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";

/** UTF-16 units of a foreign answer to quote: enough to recognize a proxy's page. */
const quotedCharacters = 200;

/** @param text The body as it came. */
export function answerError(request: string, response: Response, text: string): NearvecError {
  const { status } = response;
  const requestId = requestIdOf(response);
  const error = readErrorBody(text);
  if (error === undefined) {
    const quote = text.trim() === "" ? "nothing" : `"${text.trim().slice(0, quotedCharacters)}"`;
    return new NearvecError(
      "request_failed",
      `Expected ${request} to be answered by a nearvec worker, got status ${status} and ${quote}. ` +
        "Check baseUrl, and what stands before the worker.",
      { status, requestId },
    );
  }
  // A worker newer than this client may know codes that this client does not.
  const code = error.code as ErrorCode;
  return new NearvecError(code, error.message, { status, requestId, param: error.param ?? undefined });
}

/** The id that the worker's logs know a request by. */
export function requestIdOf(response: Response): string | undefined {
  return response.headers.get("x-request-id") ?? undefined;
}

function readErrorBody(text: string): Pick<ErrorResponse["error"], "message" | "code" | "param"> | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: string | Partial<ErrorResponse["error"]> };
    // As the routes of Text Embeddings Inference say it: without a code.
    if (typeof error === "string") return { message: error, code: "request_failed", param: null };
    if (typeof error?.message === "string" && typeof error.code === "string") {
      return { message: error.message, code: error.code, param: error.param ?? null };
    }
  } catch {
    // Not JSON: a proxy's page, or half a body.
  }
  return undefined;
}
