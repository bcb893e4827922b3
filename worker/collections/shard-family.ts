/** The shards of a collection, as the object of the collection itself keeps them: all there, or none. */
import { shardName } from "../../shared/search/collection/shards.ts";
import type { CollectionObjects } from "./collection-calls.ts";
import type { CollectionIdentity } from "./collection-store.ts";
import { callObject } from "./object-call.ts";

/** A shard is a collection by itself: what it is called, and since when. */
export function shardIdentity(
  { name, incarnation, createdAt, settings }: CollectionIdentity,
  shard: number,
): CollectionIdentity {
  return {
    ...{ name: shardName(name, shard), incarnation: `${incarnation}.${shard}`, createdAt },
    settings: { ...settings, shards: 1 },
  };
}

export class ShardFamily {
  readonly #objects: CollectionObjects;
  readonly #shards: readonly CollectionIdentity[];
  #ensuring: Promise<unknown> | null = null;

  constructor(objects: CollectionObjects, collection: CollectionIdentity) {
    this.#objects = objects;
    this.#shards = Array.from({ length: collection.settings.shards }, (_, shard) =>
      shardIdentity(collection, shard),
    );
  }

  /** Creates those that are missing: at most once in the life of an object, for they stay. */
  async ensure(): Promise<void> {
    this.#ensuring ??= Promise.all(
      this.#shards.map((shard) =>
        callObject(this.#objects, shard.name, "create", [shard.name, shard.settings], shard),
      ),
    );
    try {
      await this.#ensuring;
    } catch (error) {
      this.#ensuring = null;
      throw error;
    }
  }

  async destroy(): Promise<void> {
    // What is being created must not outlive the rest.
    await Promise.allSettled([this.#ensuring]);
    await Promise.all(
      this.#shards.map((shard) => callObject(this.#objects, shard.name, "destroy", [], shard)),
    );
  }
}
