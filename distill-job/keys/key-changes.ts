/** What becomes of a key's record when the key is made or rotated: pure, but for the random bits. */
import { apiKeySha256, randomApiKey } from "../../shared/access/api-key.ts";
import type { KeyRecord } from "../../shared/access/key-record.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxSecretsPerKey } from "../../shared/limits.ts";

export type KeyWish = Pick<KeyRecord, "name" | "scopes" | "collections" | "expires">;

/** A record, and the key itself, which is nowhere else. */
export interface NewSecret {
  readonly record: KeyRecord;
  readonly key: string;
}

export async function newKey(id: string, wish: KeyWish, now: Date): Promise<NewSecret> {
  const key = randomApiKey(id);
  const created = now.toISOString();
  const secrets = [{ sha256: await apiKeySha256(key), created, expires: null }];
  return { key, record: { version: 1, id, ...wish, created, secrets } };
}

/**
 * Gives a key another secret; those that it has go on for a while.
 *
 * @param overlapMilliseconds 0 ends the others at once.
 * @throws NearvecError `invalid_request` if it has run out, or has as many secrets as it can
 */
export async function rotated(record: KeyRecord, overlapMilliseconds: number, now: Date): Promise<NewSecret> {
  if (record.expires !== null && Date.parse(record.expires) <= now.getTime()) {
    throw new NearvecError(
      "invalid_request",
      `Expected a key that is in force, but ${record.id} expired on ${record.expires}. Make another: nearvec keys create`,
      { param: "id" },
    );
  }
  const until = new Date(now.getTime() + overlapMilliseconds).toISOString();
  const others = record.secrets
    // An earlier rotation may have set an earlier end.
    .map((secret) => ({
      ...secret,
      expires: secret.expires !== null && secret.expires < until ? secret.expires : until,
    }))
    .filter(({ expires }) => Date.parse(expires) > now.getTime());
  if (others.length >= maxSecretsPerKey) {
    throw new NearvecError(
      "invalid_request",
      `Expected at most ${maxSecretsPerKey - 1} secrets of ${record.id} to go on beside a new one, got ${others.length}. Wait until ${others.at(-1)!.expires}, or end them all: --overlap 0`,
      { param: "overlap" },
    );
  }
  const key = randomApiKey(record.id);
  const secret = { sha256: await apiKeySha256(key), created: now.toISOString(), expires: null };
  return { key, record: { ...record, secrets: [secret, ...others] } };
}
