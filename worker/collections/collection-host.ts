/** What collections need of the request on whose behalf they are read and written. */
import { NearvecError } from "../../shared/errors.ts";
import type { ModelHost } from "../model-bucket.ts";
import type { CollectionIdentity } from "./collection-store.ts";
import type { CollectionWriter } from "./collection-writer.ts";
import type { ShardSearcher } from "./shards/shard-searcher.ts";
import type { VectorStore } from "./vectorize/vector-store.ts";

/** The part of a KV namespace that reading collections needs. */
export type PublishedStore = Pick<KVNamespace, "get" | "list">;

export interface CollectionHost extends ModelHost {
  /** Manifests and parts. */
  readonly store: PublishedStore;
  /** Where the vectors are of collections with that backend. */
  readonly vectors: VectorStore | undefined;
  /** Those who search the shards of a collection, in order. */
  shards(collection: CollectionIdentity): ShardSearcher[];
  /** The Durable Object that writes the collection of this name, whether or not there is one. */
  writer(collection: string): CollectionWriter;
}

/** Runs one call to KV and says in our words that it failed. @throws NearvecError `storage_unavailable` */
export async function fromStore<T>(key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NearvecError(
      "storage_unavailable",
      `Expected KV to take or return ${key}, but it failed: ${reason}. Try again in a moment.`,
      { cause },
    );
  }
}
