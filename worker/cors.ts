/** Lets pages of other origins call the worker from a browser: those on a list, and none by default. */
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppContext, AppTypes } from "./environment.ts";

/** Seconds for which a browser need not ask again: Chromium keeps no more than this. */
const preflightSeconds = 7200;

/** Headers that a page may read beside those that it always may. */
const exposeHeaders = ["x-request-id", "server-timing", "retry-after", "www-authenticate"];

/** @param origins e.g. `https://app.example.com`; `*` for all. The worker's variable CORS_ORIGINS if not given. */
export function crossOrigin(origins?: readonly string[]): MiddlewareHandler<AppTypes> {
  const originsOf = (c: AppContext) => origins ?? listOf(c.env.CORS_ORIGINS);
  // Keys go in a header of their own, never by cookie, so no answer needs to allow credentials.
  const answer = cors({
    origin: (origin, c) => {
      const allowed = originsOf(c);
      return allowed.includes("*") ? "*" : allowed.includes(origin) ? origin : null;
    },
    allowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE"],
    maxAge: preflightSeconds,
    exposeHeaders,
  });
  return (c, next) => {
    if (originsOf(c).length === 0) return next();
    const { method, raw } = c.req;
    // An OPTIONS that no browser sends before another request: the route itself says which methods it has.
    const plain = method === "OPTIONS" && !raw.headers.has("access-control-request-method");
    return plain ? next() : answer(c, next);
  };
}

function listOf(variable: string | undefined): readonly string[] {
  if (variable === undefined || variable === "") return [];
  return variable
    .split(",")
    .map((origin) => origin.trim().replace(/\/$/, ""))
    .filter((origin) => origin !== "");
}
