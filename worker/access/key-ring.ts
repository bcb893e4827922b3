/**
 * The keys that an isolate knows: read from KV once, then good for some seconds without asking again.
 *
 * How keys are compared: the record is looked up by the id, which is no secret. KV has only the SHA-256 of a key, and
 * a digest tells nothing of how much of a guess was right. A key that has passed once is kept as it came, in this
 * isolate's memory only, so that the next request need not wait for a digest: that comparison goes over the whole
 * length whatever the difference. No map is indexed by anything secret.
 */
import { apiKeyLength, apiKeySha256, readApiKey } from "../../shared/access/api-key.ts";
import {
  type KeyRecord,
  keyRecordKey,
  keyRecordPrefix,
  readKeyRecord,
} from "../../shared/access/key-record.ts";
import { NearvecError } from "../../shared/errors.ts";
import {
  keyCacheSeconds,
  keyFreshSeconds,
  keylessSeconds,
  keyOutageSeconds,
  keyUsableSeconds,
  maxKnownKeys,
} from "../../shared/limits.ts";
import { writeAscii } from "../../shared/write-ascii.ts";
import type { Caller } from "./caller.ts";
import { isSameSecret } from "./same-secret.ts";

/** The part of a KV namespace that checking keys needs. */
export type KeyStore = Pick<KVNamespace, "get" | "list">;

/** What checking keys may use on behalf of one request. */
export interface KeyHost {
  readonly store: KeyStore;
  /** Goes on with the work after the answer. */
  waitUntil(promise: Promise<unknown>): void;
}

/** A secret that has been presented and was right. */
interface PassedSecret {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  /** Milliseconds since 1970 at which it or the whole key ends; infinite if neither does. */
  readonly expires: number;
}

interface KnownKey {
  readonly record: KeyRecord;
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  passed: readonly PassedSecret[];
  refreshing: boolean;
}

const encoder = new TextEncoder();

export class KeyRing {
  readonly #known = new Map<string, KnownKey>();
  /** Ids that are not there, and until when that is believed. Apart, so that guesses push no key out. */
  readonly #absent = new Map<string, number>();
  /** Presented keys are written here to be compared. */
  readonly #presented = new Uint8Array(apiKeyLength);
  #hasKeys = false;
  #keylessUntil = 0;
  readonly #now: () => number;

  /** @param now Milliseconds since 1970, for tests. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * The holder of a key that has passed before and is fresh; undefined if `find` has to be asked.
   *
   * Nothing is awaited: this is what nearly every request takes.
   */
  recall(key: string, host: KeyHost): Caller | undefined {
    if (key.length !== apiKeyLength) return undefined;
    const known = this.#known.get(key.slice(3, 11));
    if (known === undefined) return undefined;
    const now = this.#now();
    const age = (now - known.checkedAt) / 1000;
    if (age >= keyUsableSeconds) return undefined;
    // What is not ASCII is no key.
    if (!writeAscii(key, this.#presented, 0)) return undefined;
    const secret = known.passed.find(({ bytes }) => isSameSecret(bytes, this.#presented));
    if (secret === undefined || secret.expires <= now) return undefined;
    if (age >= keyFreshSeconds && !known.refreshing) {
      known.refreshing = true;
      host.waitUntil(this.#refresh(known, host.store));
    }
    return known.caller;
  }

  /**
   * The holder of a key, from KV if need be.
   *
   * @throws NearvecError `invalid_api_key`, whose message tells only those who hold a key what has become of it;
   *   `storage_unavailable` if KV fails and the key is not known from before
   */
  async find(key: string, { store }: KeyHost): Promise<Caller> {
    const parts = readApiKey(key);
    if (parts === "form") {
      throw invalidKey(
        `Expected a key of the form nv_<id>_<secret>, ${apiKeyLength} characters, got something else of ${key.length}.`,
      );
    }
    if (parts === "checksum") {
      throw invalidKey(
        "Expected a key whose checksum fits, but this one is cut or mistyped. Copy it again, whole.",
      );
    }
    const known = await this.#lookUp(parts.id, store);
    const sha256 = await apiKeySha256(key);
    const presented = encoder.encode(sha256);
    const secret = known?.record.secrets.find((stored) =>
      crypto.subtle.timingSafeEqual(encoder.encode(stored.sha256), presented),
    );
    // An id without a record and a wrong secret read the same.
    if (known === undefined || secret === undefined) throw unknownKey();
    const now = this.#now();
    if (expiresAt(known.record) <= now) {
      throw invalidKey(
        `Expected a key that is in force, but ${parts.id} expired on ${known.record.expires}. Make another with \`nearvec keys create\`.`,
      );
    }
    if (expiresAt(secret) <= now) {
      throw invalidKey(
        `Expected the newest secret of key ${parts.id}, but this one was replaced, and ran out on ${secret.expires}. Send the one that \`nearvec keys rotate\` printed.`,
      );
    }
    if (!known.passed.some((passed) => passed.sha256 === sha256)) {
      const expires = Math.min(expiresAt(secret), expiresAt(known.record));
      known.passed = [...known.passed, { bytes: encoder.encode(key), sha256, expires }];
    }
    return known.caller;
  }

  /** Whether the worker has any key at all. */
  async hasKeys({ store }: KeyHost): Promise<boolean> {
    if (this.#hasKeys) return true;
    if (this.#now() < this.#keylessUntil) return false;
    const { keys } = await fromKv(() => store.list({ prefix: keyRecordPrefix, limit: 1 }));
    this.#hasKeys = keys.length > 0;
    if (!this.#hasKeys) this.#keylessUntil = this.#now() + keylessSeconds * 1000;
    return this.#hasKeys;
  }

  async #lookUp(id: string, store: KeyStore): Promise<KnownKey | undefined> {
    const now = this.#now();
    const before = this.#known.get(id);
    if (before !== undefined && now - before.checkedAt < keyFreshSeconds * 1000) return before;
    if ((this.#absent.get(id) ?? 0) > now) return undefined;
    try {
      return this.#keep(id, await readRecord(id, store));
    } catch (error) {
      if (before !== undefined && now - before.checkedAt < keyOutageSeconds * 1000) return before;
      throw error;
    }
  }

  async #refresh(known: KnownKey, store: KeyStore): Promise<void> {
    const { id } = known.record;
    try {
      this.#keep(id, await readRecord(id, store));
    } catch (error) {
      // The key goes on for a while; the next request tries again.
      console.error({ event: "key_refresh_failed", key: id, cause: String(error) });
    } finally {
      known.refreshing = false;
    }
  }

  /** Notes what KV has said. @param record undefined if there is none */
  #keep(id: string, record: KeyRecord | undefined): KnownKey | undefined {
    const before = this.#known.get(id);
    this.#known.delete(id);
    if (record === undefined) {
      this.#absent.set(id, this.#now() + keyFreshSeconds * 1000);
      dropOldest(this.#absent);
      return undefined;
    }
    this.#hasKeys = true;
    const passed = (before?.passed ?? []).flatMap((secret) => {
      const stored = record.secrets.find(({ sha256 }) => sha256 === secret.sha256);
      return stored === undefined
        ? []
        : [{ ...secret, expires: Math.min(expiresAt(stored), expiresAt(record)) }];
    });
    const { scopes, collections } = record;
    const caller = { id, rateKey: `key/${id}`, scopes, collections };
    const known = { record, caller, checkedAt: this.#now(), passed, refreshing: false };
    this.#known.set(id, known);
    dropOldest(this.#known);
    return known;
  }
}

async function readRecord(id: string, store: KeyStore): Promise<KeyRecord | undefined> {
  const text = await fromKv(() => store.get(keyRecordKey(id), { type: "text", cacheTtl: keyCacheSeconds }));
  if (text === null) return undefined;
  const record = readKeyRecord(id, text);
  if (record === undefined) console.error({ event: "key_record_invalid", key: id });
  return record;
}

async function fromKv<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new NearvecError(
      "storage_unavailable",
      "Expected KV to say whether the key is good, but it failed. Try again in a moment.",
      { cause },
    );
  }
}

/** Milliseconds since 1970; infinite for what does not expire. */
function expiresAt({ expires }: { readonly expires: string | null }): number {
  return expires === null ? Number.POSITIVE_INFINITY : Date.parse(expires);
}

function dropOldest(map: Map<string, unknown>): void {
  if (map.size <= maxKnownKeys) return;
  const [oldest] = map.keys();
  map.delete(oldest!);
}

function unknownKey(): NearvecError {
  return invalidKey(
    "Expected a key of this worker, but it knows no such key. See `nearvec keys list`; a change takes up to two minutes to get everywhere.",
  );
}

function invalidKey(message: string): NearvecError {
  return new NearvecError("invalid_api_key", message);
}
