/** Turns whatever a route threw into the error that callers of its API expect. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { NearvecError } from "../shared/errors.ts";
import { retryAfterSeconds } from "../shared/limits.ts";
import type { AppContext } from "./environment.ts";
import { speakError } from "./error-dialects.ts";

/** Answers a known error as what it is; an unknown one as `internal_error`, its details only in the log. */
export function answerError(thrown: unknown, c: AppContext): Response {
  const work = c.get("work");
  const { requestId, dialect } = work;
  const error = NearvecError.isInstance(thrown) ? thrown : unexpected();
  work.failure = error.code;
  if (error.status >= 500) {
    const cause = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    console.error({ event: "request_failed", request_id: requestId, code: error.code, cause });
  }
  // Who has sent too many has been told already when the next one is taken.
  const busy = error.status === 503 || (error.status === 429 && error.code !== "rate_limit_exceeded");
  if (busy) c.header("retry-after", String(retryAfterSeconds));
  const message = error.status >= 500 ? `${error.message} (request ${requestId})` : error.message;
  const { status, body } = speakError(dialect, error, message, requestId);
  return c.json(body, status as ContentfulStatusCode);
}

function unexpected(): NearvecError {
  return new NearvecError(
    "internal_error",
    "Something went wrong on our side. Report it with the request's id.",
  );
}
