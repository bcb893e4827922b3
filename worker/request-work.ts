/** What answering one request took: counted while it is answered, for Server-Timing and /metrics. */
import type { ErrorCode } from "../shared/errors.ts";

export class RequestWork {
  readonly #began = performance.now();
  /** Milliseconds of waiting for models: next to nothing once they are loaded. */
  loadMilliseconds = 0;
  /** Milliseconds of tokenizing, pooling and printing. Cloudflare's clock stands still meanwhile, and says 0. */
  embedMilliseconds = 0;
  inputs = 0;
  tokens = 0;
  /** Why it failed, if it did. */
  failure: ErrorCode | undefined;

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
