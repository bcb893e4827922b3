/** Who sends a request: the holder of a key, as far as the worker needs to know. */
import type { Grant } from "../../shared/access/scope.ts";

export interface Caller extends Grant {
  /** The key's id, which is no secret. */
  readonly id: string;
  /** What its requests are counted under: made once, not for each request. */
  readonly rateKey: string;
}
