/** Puts keys into the test's KV as `nearvec keys` does, and knocks at a closed worker with them. */
import { env } from "cloudflare:workers";
import { apiKeySha256, randomApiKey, randomKeyId } from "../../shared/access/api-key.ts";
import { type KeyRecord, keyRecordKey } from "../../shared/access/key-record.ts";
import { Admission } from "../../worker/access/admission.ts";
import { KeyRing, type KeyStore } from "../../worker/access/key-ring.ts";
import { createApp } from "../../worker/app.ts";
import type { App } from "../../worker/environment.ts";
import { RateLimiter } from "../../worker/rate-limit.ts";
import { type AskOptions, ask } from "./model-fixtures.ts";

export const keyStore = (env as unknown as { KEYS: KVNamespace }).KEYS;

/** A minute after the tests began, and so on. */
export function inSeconds(seconds: number, from = Date.now()): string {
  return new Date(from + seconds * 1000).toISOString();
}

/** A new key that may embed, and its record, in KV. */
export async function putKey(
  wish: Partial<KeyRecord> = {},
): Promise<{ readonly key: string; readonly record: KeyRecord }> {
  const id = wish.id ?? randomKeyId();
  const key = randomApiKey(id);
  const created = inSeconds(0);
  const record: KeyRecord = {
    version: 1,
    id,
    name: "",
    scopes: ["embed"],
    collections: null,
    created,
    expires: null,
    secrets: [{ sha256: await apiKeySha256(key), created, expires: null }],
    ...wish,
  };
  await keyStore.put(keyRecordKey(id), JSON.stringify(record));
  return { key, record };
}

/** An isolate that asks for keys, and whose clock a test can put forward. */
export class ClosedWorker {
  readonly app: App;
  /** Milliseconds by which its clock is ahead. */
  aheadBy = 0;
  readonly #options: AskOptions;

  constructor(access: AskOptions["access"] = {}, app: Parameters<typeof createApp>[0] = {}) {
    const now = () => Date.now() + this.aheadBy;
    const admission = new Admission({ keys: new KeyRing(now), rates: new RateLimiter(now) });
    this.app = createApp({ admission, ...app });
    this.#options = { access: { KEYS: keyStore, ...access } };
  }

  ask(method: string, path: string, key?: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
    return ask(this.app, path, { ...init, method, headers }, this.#options);
  }

  embed(key?: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.ask("POST", "/v1/embeddings", key, {
      body: '{"input":"hello"}',
      headers: { ...headers, "content-type": "application/json" },
    });
  }
}

/** KV that counts its reads and can be told to fail. */
export class CountingStore {
  reads = 0;
  lists = 0;
  failure: Error | undefined;

  get = ((...args: [string, KVNamespaceGetOptions<"text">]) => {
    this.reads++;
    return this.failure === undefined ? keyStore.get(...args) : Promise.reject(this.failure);
  }) as KeyStore["get"];

  list = ((options: KVNamespaceListOptions) => {
    this.lists++;
    return this.failure === undefined ? keyStore.list(options) : Promise.reject(this.failure);
  }) as KeyStore["list"];
}
