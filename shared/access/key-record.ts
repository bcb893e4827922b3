/** What is stored of a key in KV, under `key/<id>`: everything but the key. */
import { z } from "zod";
import { maxGrantedCollections, maxKeyNameCharacters, maxSecretsPerKey } from "../limits.ts";
import { isKeyId } from "./api-key.ts";
import { scopes } from "./scope.ts";

export const keyRecordPrefix = "key/";

/** Where the record of a key is. */
export function keyRecordKey(id: string): string {
  return keyRecordPrefix + id;
}

/** A collection's name, or the beginning of one with `*` behind. */
const collectionPattern = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}|[A-Za-z0-9][A-Za-z0-9._-]{0,62}\*)$/;

/** Whether a grant can name this. */
export function isCollectionGrant(text: string): boolean {
  return collectionPattern.test(text);
}

const time = z.iso.datetime();

export const keyRecordSchema = z.object({
  version: z.literal(1),
  id: z.string().refine(isKeyId),
  /** What its owner calls it. */
  name: z.string().max(maxKeyNameCharacters),
  scopes: z.array(z.enum(scopes)).min(1),
  /** Null for all. */
  collections: z.array(z.string().regex(collectionPattern)).min(1).max(maxGrantedCollections).nullable(),
  created: time,
  /** Null for never. */
  expires: time.nullable(),
  /** Newest first: after a rotation the one before goes on until it expires. */
  secrets: z
    .array(z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), created: time, expires: time.nullable() }))
    .min(1)
    .max(maxSecretsPerKey),
});

export type KeyRecord = z.infer<typeof keyRecordSchema>;

/** Reads what KV holds; undefined if that is no record of this key. */
export function readKeyRecord(id: string, text: string): KeyRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut off or foreign: it opens nothing, and the caller says so.
    return undefined;
  }
  const { data } = keyRecordSchema.safeParse(value);
  return data?.id === id ? data : undefined;
}
