/** Decides whether a request may go to its route: keys, scopes, collections, and how many requests there are. */
import { missingScope, reachesCollection, type Scope, scopes } from "../../shared/access/scope.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { AppContext } from "../environment.ts";
import { callerAddress, type RateLimiter } from "../rate-limit.ts";
import { bearerToken } from "./bearer-token.ts";
import type { Caller } from "./caller.ts";
import type { KeyHost, KeyRing } from "./key-ring.ts";
import type { Need } from "./route-needs.ts";

/** `keys`: nobody gets in without one. `open`: everyone does, and nobody is counted. */
export type AccessMode = "keys" | "open";

export interface AdmissionOptions {
  readonly keys: KeyRing;
  readonly rates: RateLimiter;
  /** The worker's variable ACCESS decides if not given. */
  readonly mode?: AccessMode | undefined;
}

export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /**
   * Lets a request pass, or throws.
   *
   * @param collection The one that the path names; undefined if it names none.
   * @returns A promise only where something must be read first.
   * @throws NearvecError `no_api_keys`, `missing_api_key`, `invalid_api_key`, `permission_denied`,
   *   `rate_limit_exceeded`, `storage_unavailable`
   */
  admit(c: AppContext, need: Need, collection: string | undefined): undefined | Promise<void> {
    if (need === "nothing" || this.#modeOf(c) === "open") return undefined;
    const host = keyHost(c);
    const header = c.req.raw.headers.get("authorization");
    // A page is the same for everyone: whatever key comes with the request is not looked at.
    if (header === null || need === "page") return this.#admitWithoutKey(c, need, host);
    try {
      const key = bearerToken(header);
      const caller = this.#options.keys.recall(key, host);
      if (caller === undefined) return this.#admitUnknown(c, key, need, collection, host);
      this.#count(c, caller.rateKey);
      enter(c, caller, need, collection);
    } catch (error) {
      throw challenged(c, error);
    }
    return undefined;
  }

  async #admitWithoutKey(c: AppContext, need: Need, host: KeyHost): Promise<void> {
    this.#count(c, callerAddress(c.req.raw));
    if (!(await this.#options.keys.hasKeys(host))) throw challenged(c, noKeys());
    if (need !== "page") throw challenged(c, missingKey());
  }

  /** Every guess is counted before KV is asked. */
  async #admitUnknown(
    c: AppContext,
    key: string,
    need: Need,
    collection: string | undefined,
    host: KeyHost,
  ): Promise<void> {
    this.#count(c, callerAddress(c.req.raw));
    const { keys } = this.#options;
    try {
      enter(c, await keys.find(key, host), need, collection);
    } catch (error) {
      const unknown = NearvecError.isInstance(error) && error.code === "invalid_api_key";
      throw challenged(c, unknown && !(await keys.hasKeys(host)) ? noKeys() : error);
    }
  }

  #count(c: AppContext, caller: string): void {
    const { RATE_LIMITER: limiter } = c.env;
    if (limiter === undefined) return;
    const seconds = this.#options.rates.count(caller, limiter, (work) => c.executionCtx.waitUntil(work));
    if (seconds === 0) return;
    c.header("retry-after", String(seconds));
    throw new NearvecError(
      "rate_limit_exceeded",
      `Expected fewer requests than the worker's rate limit allows; try again in ${seconds} s. Send several texts in a request, or raise the limit under [[ratelimits]] in wrangler.toml.`,
    );
  }

  #modeOf(c: AppContext): AccessMode {
    // Whatever else the variable says, the worker is closed.
    return this.#options.mode ?? (c.env.ACCESS === "open" ? "open" : "keys");
  }
}

/**
 * Checks that the caller of a request may use a collection that its body names.
 *
 * @throws NearvecError `permission_denied`
 */
export function expectCollection(c: AppContext, name: string): void {
  const { caller } = c.get("work");
  if (caller === undefined || reachesCollection(caller, name)) return;
  throw new NearvecError(
    "permission_denied",
    `Expected a key for the collection ${JSON.stringify(name.slice(0, 64))}, but ${caller.id} is for ${caller.collections?.join(", ")} only. Send another key, or make one with \`nearvec keys create --collection\`.`,
    { param: "collection" },
  );
}

function enter(c: AppContext, caller: Caller, need: Need, collection: string | undefined): void {
  c.get("work").caller = caller;
  if (typeof need !== "string") {
    const missing = missingScope(caller, need);
    if (missing !== undefined) throw outOfScope(c, caller, need, missing);
  }
  if (collection !== undefined) expectCollection(c, collection);
}

function keyHost(c: AppContext): KeyHost {
  const { KEYS: store } = c.env;
  if (store === undefined) throw challenged(c, keysNotBound());
  return { store, waitUntil: (promise) => c.executionCtx.waitUntil(promise) };
}

/** Says beside the error how to get in (RFC 6750, section 3). */
function challenged(c: AppContext, error: unknown): unknown {
  if (!NearvecError.isInstance(error) || error.status !== 401) return error;
  const reason = error.code === "invalid_api_key" ? ', error="invalid_token"' : "";
  c.header("www-authenticate", `Bearer realm="nearvec"${reason}`);
  return error;
}

function outOfScope(
  c: AppContext,
  { id, scopes: held }: Caller,
  need: readonly Scope[],
  missing: Scope,
): NearvecError {
  c.header(
    "www-authenticate",
    `Bearer realm="nearvec", error="insufficient_scope", scope="${need.join(" ")}"`,
  );
  return new NearvecError(
    "permission_denied",
    `Expected a key with the scope ${missing}, but ${id} has ${scopes.filter((scope) => held.includes(scope)).join(", ")}. Send another key, or make one with \`nearvec keys create --scopes ${need.join(" ")}\`.`,
  );
}

function missingKey(): NearvecError {
  return new NearvecError(
    "missing_api_key",
    "Expected a header Authorization: Bearer nv_…, got none. Make a key with `nearvec keys create`.",
  );
}

function noKeys(): NearvecError {
  return new NearvecError(
    "no_api_keys",
    "Expected a worker with keys, but this one has none yet, and is closed to everyone. Make the first with `nearvec keys create --scopes admin`; docs/keys.md says more.",
  );
}

function keysNotBound(): NearvecError {
  return new NearvecError(
    "no_api_keys",
    "Expected the binding KEYS (KV), got none, so this worker is closed to everyone. wrangler.toml of nearvec has it: add it, deploy, then make a key with `nearvec keys create --scopes admin`.",
  );
}
