/** Under which keys a collection is in KV. */

const manifestPrefix = "manifest/";

/** The one key that is rewritten. */
export function manifestKey(collection: string): string {
  return `${manifestPrefix}${collection}`;
}

/** What the keys of all manifests begin with. */
export const manifestKeyPrefix = manifestPrefix;

/** An immutable part. @param sha256 of its bytes, in hexadecimal */
export function partKey(incarnation: string, sha256: string): string {
  return `part/${incarnation}/${sha256}`;
}
