/** The bindings that collections need beside the bucket of models. */
import type { CollectionObjects } from "./collection-calls.ts";

export interface CollectionBindings {
  /** KV namespace with manifests and parts. */
  readonly COLLECTIONS?: KVNamespace | undefined;
  /** Durable Objects, one for each collection, by its name. */
  readonly COLLECTION?: CollectionObjects | undefined;
  /** Vectorize index for collections with that backend. */
  readonly COLLECTION_VECTORS?: Vectorize | undefined;
}
