/**
 * What stands around every handler: the request's id, pages that may read the answer, errors in the words of the API,
 * counts, a line in the log.
 *
 * Middleware of Hono's could do the same, with promises and closures for a chain that is put together anew for each
 * request. Here nothing is waited for unless the handler waits.
 */
import type { MiddlewareHandler } from "hono";
import type { AnswerRequest } from "./answer-request.ts";
import { crossOrigin } from "./cors.ts";
import type { AppContext, AppTypes, Bindings } from "./environment.ts";
import { answerError } from "./error-answer.ts";
import type { Dialect } from "./error-dialects.ts";
import type { IsolateMetrics } from "./isolate-metrics.ts";
import { logRequest, type RequestLogLevel } from "./request-log.ts";
import { RequestWork } from "./request-work.ts";

export interface RequestFrameOptions {
  readonly metrics: IsolateMetrics;
  /** The app's bindings, where the worker has them under other names. */
  readonly bindings?: ((env: Bindings) => Bindings) | undefined;
  /** The variable CORS_ORIGINS, else none, if not given. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** The variable REQUEST_LOG, else all, if not given. */
  readonly requestLog?: RequestLogLevel | undefined;
}

export class RequestFrame {
  readonly #options: RequestFrameOptions;
  readonly #readable: (answer: AnswerRequest) => AnswerRequest;

  constructor(options: RequestFrameOptions) {
    this.#options = options;
    this.#readable = crossOrigin(options.corsOrigins);
  }

  /**
   * The handler with all that stands around it, which never fails.
   *
   * @param route The path as it is registered; undefined for none of ours.
   */
  around(dialect: Dialect, route: string | undefined, handler: AnswerRequest): AnswerRequest {
    const answer = this.#readable(unfailing(handler));
    return (c) => {
      const { env } = c;
      const work = this.#begin(c, dialect, route);
      const waiting = answer(c);
      if (!(waiting instanceof Promise)) return this.#finish(c, env, work, waiting);
      return waiting.then((response) => this.#finish(c, env, work, response));
    };
  }

  /** As middleware, for what none of our handlers takes: where the app is mounted in another, that one answers. */
  middleware(): MiddlewareHandler<AppTypes> {
    return async (c, next) => {
      const pass = async () => {
        await next();
        return c.res;
      };
      return this.around("openai", undefined, pass)(c);
    };
  }

  #begin(c: AppContext, dialect: Dialect, route: string | undefined): RequestWork {
    const work = new RequestWork(dialect, route);
    c.set("work", work);
    const { bindings } = this.#options;
    if (bindings !== undefined) c.env = bindings(c.env);
    return work;
  }

  #finish(c: AppContext, env: Bindings, work: RequestWork, response: Response): Response {
    if (response !== work.answer) {
      const { headers } = response;
      headers.set("x-request-id", work.requestId);
      // A search says more of its parts itself.
      if (!headers.has("server-timing")) headers.set("server-timing", work.serverTiming());
    }
    this.#options.metrics.add(work);
    logRequest(c, response.status, this.#options.requestLog);
    // The context is that of the app around ours, too, whose own middleware has yet to see the answer.
    c.env = env;
    return response;
  }
}

/** Answers what the handler throws, too. */
function unfailing(handler: AnswerRequest): AnswerRequest {
  return (c) => {
    try {
      const answer = handler(c);
      return answer instanceof Promise ? answer.catch((error: unknown) => answerError(error, c)) : answer;
    } catch (error) {
      return answerError(error, c);
    }
  };
}
