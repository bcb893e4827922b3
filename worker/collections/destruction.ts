/** Deletes a collection: first what readers begin with, then what it names, then the record of what there is to delete. */
import { maxGarbagePerStep } from "../../shared/limits.ts";
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import type { CollectionStore } from "./collection-store.ts";
import { deleteParts } from "./garbage-collection.ts";
import type { KvPartStore } from "./kv-part-store.ts";

/** Goes on where an earlier attempt ended. @throws NearvecError `storage_unavailable`; nothing is lost */
export async function destroyCollection(
  store: CollectionStore,
  kv: KvPartStore,
  storage: DurableObjectStorage,
): Promise<void> {
  await kv.delete(manifestKey(store.identity.name));
  for (;;) {
    const parts = store.parts.any(maxGarbagePerStep);
    if (parts.length === 0) break;
    await deleteParts(store, kv, parts);
  }
  store.alive = false;
  await storage.deleteAlarm();
  await storage.deleteAll();
}
