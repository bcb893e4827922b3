/** Reads parts out of KV: all of them that can be had, and for the others why not. */
import { NearvecError } from "../../../shared/errors.ts";
import { partCacheSeconds } from "../../../shared/limits.ts";
import { partKey } from "../../../shared/search/collection/collection-keys.ts";
import type { PartReference } from "../../../shared/search/collection/manifest.ts";
import { fromStore, type PublishedStore } from "../published-store.ts";

/**
 * Reads a part. Its checksum is left to whoever puts it to use: the search index has a kernel for that.
 *
 * @throws NearvecError `storage_unavailable`, or `artifact_truncated` if it is not there or of another length
 */
export async function readPart(
  store: PublishedStore,
  incarnation: string,
  { sha256, bytes }: PartReference,
): Promise<Uint8Array> {
  const key = partKey(incarnation, sha256);
  const content = await fromStore(key, () =>
    store.get(key, { type: "arrayBuffer", cacheTtl: partCacheSeconds }),
  );
  if (content?.byteLength === bytes) return new Uint8Array(content);
  throw new NearvecError(
    "artifact_truncated",
    content === null
      ? `Expected ${key} in KV, got nothing. It may have been written a moment ago.`
      : `Expected ${bytes} bytes of ${key}, got ${content.byteLength}.`,
  );
}
