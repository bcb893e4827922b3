/** What the worker is given: its bindings from wrangler.toml, and what each request carries along. */
import type { Context, Hono } from "hono";
import type { KeyStore } from "./access/key-ring.ts";
import type { CollectionBindings } from "./collections/collection-bindings.ts";
import type { CollectionHost } from "./collections/collection-host.ts";
import { collectionsNotBound } from "./collections/not-bound.ts";
import { collectionWriter, shardSearchers } from "./collections/writer-client.ts";
import type { ModelHost } from "./model-bucket.ts";
import type { RequestWork } from "./request-work.ts";

/** The bindings and variables of wrangler.toml. Without any of them the bundled model answers, and nothing is searched. */
export interface Bindings extends CollectionBindings {
  /** Bucket with the model files, laid out as shared/model-store/model-location.ts says. */
  readonly MODELS?: R2Bucket | undefined;
  /** Name of the model in the bucket that answers when a request names none. */
  readonly DEFAULT_MODEL?: string | undefined;
  /** KV namespace with the records of keys. Without it the worker is closed. */
  readonly KEYS?: KeyStore | undefined;
  /** `open` lets everyone in without a key; `nearvec dev` sets it. */
  readonly ACCESS?: string | undefined;
  /** Counts the requests of each key. */
  readonly RATE_LIMITER?: RateLimit | undefined;
  /** Origins whose pages may call the worker from a browser, commas between them. */
  readonly CORS_ORIGINS?: string | undefined;
  /** Which requests get a line in the log: `all`, `failures` or `off`. */
  readonly REQUEST_LOG?: string | undefined;
}

export interface AppTypes {
  Bindings: Bindings;
  Variables: {
    work: RequestWork;
  };
}

export type App = Hono<AppTypes>;
export type AppContext = Context<AppTypes>;

/** What the model registry may use on behalf of one request. */
export function modelHost(c: AppContext): ModelHost {
  return {
    bucket: c.env.MODELS,
    defaultModel: c.env.DEFAULT_MODEL,
    waitUntil: (promise) => c.executionCtx.waitUntil(promise),
  };
}

/**
 * What collections may use on behalf of one request.
 *
 * @throws NearvecError `collections_unavailable` if the worker has no bindings for them
 */
export function collectionHost(c: AppContext): CollectionHost {
  // Kept: an answer that is streamed reads on when the context has other bindings again.
  const { env } = c;
  const { COLLECTIONS: store, COLLECTION, COLLECTION_VECTORS: vectors } = env;
  if (store === undefined || COLLECTION === undefined) throw collectionsNotBound();
  return {
    ...modelHost(c),
    store,
    vectors,
    shards: (collection) => shardSearchers(env, collection),
    writer: (name) => collectionWriter(env, name),
  };
}
