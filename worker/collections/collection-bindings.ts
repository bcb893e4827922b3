/** The bindings that collections need beside the bucket of models. */
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionObject } from "./collection-object.ts";

export interface CollectionBindings {
  /** KV namespace with manifests and parts. */
  readonly COLLECTIONS?: KVNamespace | undefined;
  /** Durable Objects, one for each collection, by its name. */
  readonly COLLECTION?: DurableObjectNamespace<CollectionObject> | undefined;
  /** Vectorize index for collections with that backend. */
  readonly COLLECTION_VECTORS?: Vectorize | undefined;
}

/** The error for every call that needs them where they are not. */
export function collectionsNotBound(): NearvecError {
  return new NearvecError(
    "collections_unavailable",
    "Expected the bindings COLLECTIONS (KV) and COLLECTION (Durable Object), got none. wrangler.toml of nearvec has both: add them to deploy collections.",
  );
}

/** The error for a collection whose vectors are in an index that is not bound. */
export function vectorsNotBound(): NearvecError {
  return new NearvecError(
    "collections_unavailable",
    'Expected the binding COLLECTION_VECTORS (Vectorize), got none. Add it to wrangler.toml, or make the collection with backend "scan".',
  );
}
