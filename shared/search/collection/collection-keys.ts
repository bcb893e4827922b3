/** Under which keys a collection is in KV. */

import { isShardName } from "./shards.ts";

const manifestPrefix = "manifest/";

/** The one key that is rewritten: of a collection, or of a shard of one, which is in no list of collections. */
export function manifestKey(collection: string): string {
  return `${isShardName(collection) ? "shard/" : manifestPrefix}${collection}`;
}

/** What the keys of all collections' manifests begin with. */
export const manifestKeyPrefix = manifestPrefix;

/** An immutable part. @param sha256 of its bytes, in hexadecimal */
export function partKey(incarnation: string, sha256: string): string {
  return `part/${incarnation}/${sha256}`;
}
