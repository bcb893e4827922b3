/** Deletes what a collection has put into KV and Vectorize, and then itself: the record of what there is to delete goes last. */
import { maxGarbagePerStep } from "../../shared/limits.ts";
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import type { CollectionStore } from "./collection-store.ts";
import { deleteParts } from "./garbage-collection.ts";
import type { KvPartStore } from "./kv-part-store.ts";
import type { ShardFamily } from "./shard-family.ts";
import type { VectorizePublisher } from "./vectorize/vectorize-publisher.ts";

/** Deletes what readers begin with. @throws NearvecError `storage_unavailable` */
export function deleteManifest({ identity }: CollectionStore, kv: KvPartStore): Promise<void> {
  return kv.delete(manifestKey(identity.name));
}

/** Goes on where an earlier attempt ended. @throws NearvecError `storage_unavailable`, `collections_unavailable`; nothing is lost */
export async function destroyCollection(
  store: CollectionStore,
  kv: KvPartStore,
  vectors: VectorizePublisher,
  storage: DurableObjectStorage,
  shards: ShardFamily | null,
): Promise<void> {
  await deleteManifest(store, kv);
  await shards?.destroy();
  for (;;) {
    const parts = store.parts.any(maxGarbagePerStep);
    if (parts.length === 0) break;
    await deleteParts(store, kv, parts);
  }
  if (vectors.isUsed) {
    store.transaction(() => {
      store.formerVectors.noteAll(store.progress.get().sequence);
      store.documents.removeAll();
    });
    await vectors.deleteFormer();
  }
  store.alive = false;
  await storage.deleteAlarm();
  await storage.deleteAll();
}
