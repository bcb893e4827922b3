/** What is known of one request while it is answered: for its headers, its line in the log, and /metrics. */
import type { ErrorCode } from "../shared/errors.ts";
import type { Caller } from "./access/caller.ts";
import type { Dialect } from "./error-dialects.ts";
import { RequestIds } from "./request-id.ts";

const ids = new RequestIds();

export class RequestWork {
  readonly #began = performance.now();
  /** Sent back as `x-request-id`, and part of every message about a mistake of ours. */
  readonly requestId = ids.next();
  /** Whose API the route is, and so whose errors it answers with. */
  dialect: Dialect;
  /** The path that the request was for, as Hono has it: without the ids in it. Undefined for none of ours. */
  readonly route: string | undefined;
  /** Whose key came with the request; undefined where none was needed. */
  caller: Caller | undefined;
  /** Milliseconds of waiting for models: nothing once they are loaded. */
  loadMilliseconds = 0;
  /** Milliseconds of tokenizing, pooling and printing. Cloudflare's clock stands still meanwhile, and says 0. */
  embedMilliseconds = 0;
  inputs = 0;
  tokens = 0;
  /** Why it failed, if it did. */
  failure: ErrorCode | undefined;
  /** The answer, if it was made with the headers that every answer has. */
  answer: Response | undefined;

  constructor(dialect: Dialect, route: string | undefined) {
    this.dialect = dialect;
    this.route = route;
  }

  /** Milliseconds since the request came. */
  get totalMilliseconds(): number {
    return performance.now() - this.#began;
  }

  /** The header `Server-Timing`, which browsers' developer tools show. */
  serverTiming(): string {
    const load = round(this.loadMilliseconds);
    return `load;dur=${load}, embed;dur=${round(this.embedMilliseconds)}, total;dur=${round(this.totalMilliseconds)}`;
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
