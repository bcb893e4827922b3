/** Lets pages of other origins call the worker from a browser: those on a list, and none by default. */
import { cors } from "hono/cors";
import { type AnswerRequest, behind } from "./answer-request.ts";
import type { AppContext } from "./environment.ts";

/** Seconds for which a browser need not ask again: Chromium keeps no more than this. */
const preflightSeconds = 7200;

/** Headers that a page may read beside those that it always may. */
const exposeHeaders = ["x-request-id", "server-timing", "retry-after", "www-authenticate"];

/**
 * @param origins e.g. `https://app.example.com`; `*` for all. The worker's variable CORS_ORIGINS if not given.
 * @returns What lets pages read an answer. Its handler must not fail: they are to read why they were refused.
 */
export function crossOrigin(origins?: readonly string[]): (answer: AnswerRequest) => AnswerRequest {
  const originsOf = (c: AppContext) => origins ?? listOf(c.env.CORS_ORIGINS);
  // Keys go in a header of their own, never by cookie, so no answer needs to allow credentials.
  const middleware = cors({
    origin: (origin, c) => {
      const allowed = originsOf(c);
      return allowed.includes("*") ? "*" : allowed.includes(origin) ? origin : null;
    },
    allowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    maxAge: preflightSeconds,
    exposeHeaders,
  });
  return (answer) => {
    const readable = behind(middleware, answer);
    return (c) => {
      if (originsOf(c).length === 0) return answer(c);
      const { method, raw } = c.req;
      // An OPTIONS that no browser sends before another request: the route itself says which methods it has.
      const plain = method === "OPTIONS" && !raw.headers.has("access-control-request-method");
      return plain ? answer(c) : readable(c);
    };
  };
}

function listOf(variable: string | undefined): readonly string[] {
  if (variable === undefined || variable === "") return [];
  return variable
    .split(",")
    .map((origin) => origin.trim().replace(/\/$/, ""))
    .filter((origin) => origin !== "");
}
