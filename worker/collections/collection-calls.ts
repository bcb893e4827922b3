/** What the object of a collection can be called with from outside; the object is collection-object.ts. */
import type { CollectionIdentity } from "./collection-store.ts";
import type { CollectionWriterMethod } from "./collection-writer.ts";
import type { RpcOutcome } from "./rpc-outcome.ts";
import type { ShardSearcher } from "./shards/shard-searcher.ts";

export interface CollectionCalls extends Rpc.DurableObjectBranded {
  /**
   * The one call of a writer that crosses over: a method of CollectionWriter and its arguments. `callObject` makes it.
   *
   * @param shard which shard is meant; null for whatever collection has this name
   */
  invoke(
    method: CollectionWriterMethod,
    args: unknown[],
    shard: CollectionIdentity | null,
  ): Promise<RpcOutcome<unknown>>;
  /**
   * Searches a shard where its documents are. `shardSearchers` makes the call.
   *
   * @param args of the method
   */
  search(
    method: keyof ShardSearcher,
    args: unknown[],
    shard: CollectionIdentity,
  ): Promise<RpcOutcome<unknown>>;
}

/** The objects of all collections, by their names. */
export type CollectionObjects = DurableObjectNamespace<CollectionCalls>;
