/** Registers a path with the methods it has, and answers every other method as HTTP asks. */
import { NearvecError } from "../shared/errors.ts";
import type { Admission } from "./access/admission.ts";
import { type Need, needOf } from "./access/route-needs.ts";
import type { AnswerRequest } from "./answer-request.ts";
import { describeRoute, type Operation } from "./api-description/operations.ts";
import type { App } from "./environment.ts";
import type { Dialect } from "./error-dialects.ts";
import type { Method } from "./method.ts";
import type { RequestFrame } from "./request-frame.ts";

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
  handlers: Partial<Record<Method, AnswerRequest>>,
  { dialect = "openai", operations = {} }: RouteOptions = {},
): void {
  const { frame, admission } = surroundings(app);
  const register = (method: Method | "ALL", handler: AnswerRequest): void => {
    const framed = frame.around(dialect, path, handler);
    framedHandlers.add(framed);
    app.on(method, path, framed);
  };
  const methods = Object.keys(handlers) as Method[];
  for (const method of methods) {
    register(method, guarded(admission, needOf(method, path), path, handlers[method]!));
  }
  for (const [method, operation] of Object.entries(operations)) {
    describeRoute(app, { path, method, dialect, operation });
  }
  const allow = [
    ...methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
    "OPTIONS",
  ].join(", ");
  const refuse = guarded(admission, "key", path, (c) => {
    c.header("allow", allow);
    throw new NearvecError("method_not_allowed", `Expected ${allow} on ${c.req.path}, got ${c.req.method}.`);
  });
  register("ALL", (c) => (c.req.method === "OPTIONS" ? c.body(null, 204, { allow }) : refuse(c)));
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
    if (framedHandlers.has(handler)) continue;
    throw new Error(
      `Expected ${method} ${path} to be registered with route(), which asks for keys, got a handler of its own.`,
    );
  }
}

/** What an app's routes are registered in. */
interface Surroundings {
  readonly frame: RequestFrame;
  readonly admission: Admission;
}

/** By app, as what is said of its routes. */
const surrounded = new WeakMap<App, Surroundings>();

/** To be called before the first route is registered. */
export function surround(app: App, surroundings: Surroundings): void {
  surrounded.set(app, surroundings);
}

function surroundings(app: App): Surroundings {
  const found = surrounded.get(app);
  if (found === undefined) throw new Error("Expected surround() to be called before route(), it was not.");
  return found;
}

const framedHandlers = new WeakSet<object>();

/** Asks who it is before the handler. */
function guarded(admission: Admission, need: Need, path: string, handler: AnswerRequest): AnswerRequest {
  const namesCollection = path.includes("/:collection");
  return (c) => {
    const collection = namesCollection ? c.req.param("collection") : undefined;
    const waiting = admission.admit(c, need, collection);
    return waiting === undefined ? handler(c) : waiting.then(() => handler(c));
  };
}
