/** Registers a path with the methods it has, and answers every other method as HTTP asks. */
import type { Handler, Next } from "hono";
import { NearvecError } from "../shared/errors.ts";
import { type Need, needOf } from "./access/route-needs.ts";
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
  for (const method of methods) {
    app.on(method, path, guarded(needOf(method, path), path, dialect, handlers[method]!));
  }
  for (const [method, operation] of Object.entries(operations)) {
    describeRoute(app, { path, method, dialect, operation });
  }
  const allow = [
    ...methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
    "OPTIONS",
  ].join(", ");
  const refuse = guarded("key", path, dialect, (c) => {
    c.header("allow", allow);
    throw new NearvecError("method_not_allowed", `Expected ${allow} on ${c.req.path}, got ${c.req.method}.`);
  });
  const tell: Handler<AppTypes> = (c, next) => {
    if (c.req.method !== "OPTIONS") return refuse(c, next);
    c.set("route", path);
    return c.body(null, 204, { allow });
  };
  guardedHandlers.add(tell);
  app.all(path, tell);
}

/**
 * Makes sure that no handler was registered past `route`, where nobody would be asked for a key.
 *
 * @throws Error
 */
export function expectGuarded(app: App): void {
  for (const { method, path, handler } of app.routes) {
    // Middleware takes a `next` to go on with, and answers nothing itself.
    if (method === "ALL" && handler.length > 1) continue;
    if (guardedHandlers.has(handler as Handler<AppTypes>)) continue;
    throw new Error(
      `Expected ${method} ${path} to be registered with route(), which asks for keys, got a handler of its own.`,
    );
  }
}

/** Has paths that are not there answered in a dialect as well, e.g. all below `/api/*`. */
export function speakBelow(app: App, pattern: `${string}/*`, dialect: Dialect): void {
  app.use(pattern, async (c, next) => {
    c.set("dialect", dialect);
    await next();
  });
}

const guardedHandlers = new WeakSet<Handler<AppTypes>>();

/** Asks who it is before the handler, in the words of the route's API. */
function guarded(need: Need, path: string, dialect: Dialect, handler: Handler<AppTypes>): Handler<AppTypes> {
  const namesCollection = path.includes("/:collection");
  const guard: Handler<AppTypes> = (c: AppContext, next: Next) => {
    c.set("dialect", dialect);
    c.set("route", path);
    const collection = namesCollection ? c.req.param("collection") : undefined;
    const waiting = c.get("admission").admit(c, need, collection);
    return waiting === undefined ? handler(c, next) : waiting.then(() => handler(c, next));
  };
  guardedHandlers.add(guard);
  return guard;
}
