/** Turns whatever a route threw into OpenAI's error object. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ErrorResponse } from "../shared/api/error-response.ts";
import { NearvecError } from "../shared/errors.ts";
import { retryAfterSeconds } from "../shared/limits.ts";
import type { AppContext } from "./environment.ts";

/** Answers a known error as what it is; an unknown one as `internal_error`, its details only in the log. */
export function answerError(thrown: unknown, c: AppContext): Response {
  const requestId = c.get("requestId");
  const error = NearvecError.isInstance(thrown) ? thrown : unexpected();
  if (error.status >= 500) {
    const cause = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    console.error({ event: "request_failed", request_id: requestId, code: error.code, cause });
  }
  if (error.status === 503) c.header("retry-after", String(retryAfterSeconds));
  const body: ErrorResponse = {
    error: {
      message: error.status >= 500 ? `${error.message} (request ${requestId})` : error.message,
      type: error.status >= 500 ? "server_error" : "invalid_request_error",
      param: error.param ?? null,
      code: error.code,
    },
  };
  return c.json(body, error.status as ContentfulStatusCode);
}

function unexpected(): NearvecError {
  return new NearvecError(
    "internal_error",
    "Something went wrong on our side. Report it with the request's id.",
  );
}
