/** Registers a path with the methods it has, and answers every other method as HTTP asks. */
import type { Handler } from "hono";
import { NearvecError } from "../shared/errors.ts";
import type { App, AppTypes } from "./environment.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A GET handler answers HEAD as well: Hono drops the body. OPTIONS and 405 carry `allow`. */
export function route(app: App, path: string, handlers: Partial<Record<Method, Handler<AppTypes>>>): void {
  const methods = Object.keys(handlers) as Method[];
  for (const method of methods) app.on(method, path, handlers[method]!);
  const allow = [
    ...methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])),
    "OPTIONS",
  ].join(", ");
  app.all(path, (c) => {
    c.header("allow", allow);
    if (c.req.method === "OPTIONS") return c.body(null, 204);
    throw new NearvecError("method_not_allowed", `Expected ${allow} on ${c.req.path}, got ${c.req.method}.`);
  });
}
