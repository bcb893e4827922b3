/** What collections need of the request on whose behalf they are read and written. */
import type { ModelHost } from "../model-bucket.ts";
import type { CollectionIdentity } from "./collection-store.ts";
import type { CollectionWriter } from "./collection-writer.ts";
import type { PublishedStore } from "./published-store.ts";
import type { ShardSearcher } from "./shards/shard-searcher.ts";
import type { VectorStore } from "./vectorize/vector-store.ts";

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
