/** What is said where a binding that collections need is missing. */
import { NearvecError } from "../../shared/errors.ts";

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
