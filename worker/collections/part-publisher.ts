/** Brings the parts of segments into KV, each once, and nothing that its table does not know of. */
import { partKey } from "../../shared/search/collection/collection-keys.ts";
import type { CollectionStore } from "./collection-store.ts";
import { type KvPartStore, overConnections } from "./kv-part-store.ts";

/** @param parts bytes by their SHA-256 @throws NearvecError `storage_unavailable`; what got there is remembered */
export async function putParts(
  store: CollectionStore,
  kv: KvPartStore,
  parts: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const { incarnation } = store.identity;
  const missing = store.transaction(() =>
    [...parts].filter(([sha256]) => !store.parts.expect(sha256, Date.now())),
  );
  await overConnections(missing, async ([sha256, bytes]) => {
    await kv.put(partKey(incarnation, sha256), bytes);
    store.parts.confirm(sha256);
  });
}
