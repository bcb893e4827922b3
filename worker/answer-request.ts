/** A handler: a request in, its answer out, and what it takes to put a middleware of Hono's in front of one. */
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppTypes } from "./environment.ts";

/** Answers at once where it has nothing to wait for. */
export type AnswerRequest = (c: AppContext) => Response | Promise<Response>;

/** The handler behind a middleware, which may answer in its place, or change what it answers. */
export function behind(middleware: MiddlewareHandler<AppTypes>, answer: AnswerRequest): AnswerRequest {
  return async (c) => {
    const instead = await middleware(c, async () => {
      c.res = await answer(c);
    });
    return instead ?? c.res;
  };
}
