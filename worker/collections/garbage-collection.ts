/** Deletes parts that no manifest has named for so long that no reader can know of them. */
import { garbageGraceSeconds, maxGarbagePerStep } from "../../shared/limits.ts";
import { partKey } from "../../shared/search/collection/collection-keys.ts";
import type { CollectionStore } from "./collection-store.ts";
import { type KvPartStore, overConnections } from "./kv-part-store.ts";

const graceMilliseconds = garbageGraceSeconds * 1000;

/** When there will be something to delete, in milliseconds since 1970; null if nothing is garbage. */
export function garbageDue(store: CollectionStore): number | null {
  const oldest = store.parts.oldestGarbage();
  return oldest === null ? null : oldest + graceMilliseconds;
}

/** Deletes as much as one step may. To be called when the newest manifest is in KV. */
export async function collectGarbage(store: CollectionStore, kv: KvPartStore): Promise<void> {
  await deleteParts(store, kv, store.parts.garbage(Date.now() - graceMilliseconds, maxGarbagePerStep));
}

/** Deletes parts, and forgets each only once it is gone. */
export async function deleteParts(
  store: CollectionStore,
  kv: KvPartStore,
  parts: readonly string[],
): Promise<void> {
  store.transaction(() => {
    for (const sha256 of parts) store.parts.doubt(sha256);
  });
  await overConnections(parts, async (sha256) => {
    await kv.delete(partKey(store.identity.incarnation, sha256));
    store.parts.remove(sha256);
  });
}
