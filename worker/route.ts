/** Registers a path with the methods it has, and answers every other method as HTTP asks. */
import type { Handler, Next } from "hono";
import { NearvecError } from "../shared/errors.ts";
import { describeRoute, type Operation } from "./api-description/operations.ts";
import type { App, AppContext, AppTypes } from "./environment.ts";
import type { Dialect } from "./error-dialects.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RouteOptions {
  /** Whose API the route is; OpenAI's errors if not given. */
  readonly dialect?: Dialect;
  /** What /openapi.json says of each method. */
  readonly operations?: Partial<Record<Method, Operation>>;
}

/**
 * A GET handler answers HEAD as well: Hono drops the body. OPTIONS and 405 carry `allow`.
 *
 * @example
 * ```ts
 * const operation: Operation = {
 *   tag: "nearvec",
 *   summary: "Compare texts",
 *   request: similarityRequestSchema,
 *   response: similarityResponseSchema,
 *   example: { input: ["a", "b"] },
 * };
 * route(app, "/v1/similarity", { POST: handle }, { operations: { POST: operation } });
 * ```
 */
export function route(
  app: App,
  path: string,
  handlers: Partial<Record<Method, Handler<AppTypes>>>,
  { dialect = "openai", operations = {} }: RouteOptions = {},
): void {
  const methods = Object.keys(handlers) as Method[];
  for (const method of methods) app.on(method, path, speaking(dialect, handlers[method]!));
  for (const [method, operation] of Object.entries(operations)) {
    describeRoute(app, { path, method, dialect, operation });
  }
  const allow = [
    ...methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
    "OPTIONS",
  ].join(", ");
  const refuse: Handler<AppTypes> = (c) => {
    c.header("allow", allow);
    if (c.req.method === "OPTIONS") return c.body(null, 204);
    throw new NearvecError("method_not_allowed", `Expected ${allow} on ${c.req.path}, got ${c.req.method}.`);
  };
  app.all(path, speaking(dialect, refuse));
}

/** Has paths that are not there answered in a dialect as well, e.g. all below `/api/*`. */
export function speakBelow(app: App, pattern: `${string}/*`, dialect: Dialect): void {
  app.use(pattern, async (c, next) => {
    c.set("dialect", dialect);
    await next();
  });
}

function speaking(dialect: Dialect, handler: Handler<AppTypes>): Handler<AppTypes> {
  if (dialect === "openai") return handler;
  return (c: AppContext, next: Next) => {
    c.set("dialect", dialect);
    return handler(c, next);
  };
}
