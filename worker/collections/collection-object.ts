/** The Durable Object of one collection: its only writer, and all that survives of it between two requests. */
import { DurableObject } from "cloudflare:workers";
import { collectionNotFound } from "../../shared/api/collections/collection-name.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { CollectionCalls, CollectionObjects } from "./collection-calls.ts";
import { type CollectionIdentity, CollectionStore } from "./collection-store.ts";
import type { WriterDescription } from "./collection-writer.ts";
import { type CollectionWriter, type CollectionWriterMethod, isWriterMethod } from "./collection-writer.ts";
import type { PublicStore } from "./kv-part-store.ts";
import { LiveCollection } from "./live-collection.ts";
import { manifestOf } from "./next-manifest.ts";
import { collectionsNotBound, vectorsNotBound } from "./not-bound.ts";
import type { PublishedStore } from "./published-store.ts";
import { outcomeOf, type RpcOutcome } from "./rpc-outcome.ts";
import { hasSchema, migrate } from "./schema.ts";
import { ShardFamily } from "./shard-family.ts";
import { ResidentShard } from "./shards/resident-shard.ts";
import type { ShardSearcher } from "./shards/shard-searcher.ts";
import type { VectorSink } from "./vectorize/vectorize-publisher.ts";

/** What of the worker's bindings a collection's object uses. */
export interface CollectionObjectBindings {
  readonly COLLECTIONS?: (PublicStore & PublishedStore) | undefined;
  /** Its own kind, for the shards of a collection. */
  readonly COLLECTION?: CollectionObjects | undefined;
  /** Vectorize index for collections with that backend. */
  readonly COLLECTION_VECTORS?: VectorSink | undefined;
}

export class CollectionObject extends DurableObject<CollectionObjectBindings> implements CollectionCalls {
  #collection: LiveCollection | null = null;
  /** When the newest collection of this name was created, deleted ones included. */
  #createdAt = 0;

  constructor(ctx: DurableObjectState, env: CollectionObjectBindings) {
    super(ctx, env);
    void ctx.blockConcurrencyWhile(async () => {
      if (!hasSchema(ctx.storage)) return;
      migrate(ctx.storage);
      const store = CollectionStore.open(ctx.storage);
      if (store === null || env.COLLECTIONS === undefined) return;
      this.#collection = this.#live(store, env.COLLECTIONS);
      await this.#collection.resume();
    });
  }

  invoke(
    method: CollectionWriterMethod,
    args: unknown[],
    shard: CollectionIdentity | null,
  ): Promise<RpcOutcome<unknown>> {
    return outcomeOf(async () => {
      if (!isWriterMethod(method)) throw new TypeError(`Expected a method of a writer, got ${method}`);
      if (method === "create") {
        const [name, settings] = args as Parameters<CollectionWriter["create"]>;
        return { result: await this.#create(name, settings, shard) };
      }
      const collection = this.#collection;
      const gone =
        collection === null ||
        (collection.destroying && method !== "destroy") ||
        (shard !== null && collection.identity.incarnation !== shard.incarnation);
      if (gone) return { result: answerOfNone(method, shard?.name ?? this.ctx.id.name ?? "") };
      if (collection.identity.settings.shards > 1 && method !== "manifest" && method !== "destroy") {
        await collection.ensureShards();
        return { sharded: collection.identity };
      }
      const work = collection[method] as (...args: unknown[]) => Promise<unknown>;
      const result = await work.apply(collection, args);
      if (!collection.alive) this.#forget(collection);
      return { result };
    });
  }

  search(
    method: keyof ShardSearcher,
    args: unknown[],
    shard: CollectionIdentity,
  ): Promise<RpcOutcome<unknown>> {
    return outcomeOf(async () => {
      const { COLLECTIONS } = this.env;
      if (COLLECTIONS === undefined) throw collectionsNotBound();
      const collection = this.#collection;
      const gone = collection === null || collection.destroying;
      if (gone || collection.identity.incarnation !== shard.incarnation) throw collectionNotFound(shard.name);
      const searcher = new ResidentShard(collection, COLLECTIONS, (promise) => this.ctx.waitUntil(promise));
      const work = searcher[method] as (...args: unknown[]) => Promise<unknown>;
      return { result: await work.apply(searcher, args) };
    });
  }

  override async alarm(): Promise<void> {
    const collection = this.#collection;
    if (collection === null) return;
    await collection.wake();
    if (!collection.alive) this.#forget(collection);
  }

  /** @param shard what is to be created, if it is a shard: there may be one already */
  async #create(
    name: string,
    settings: CollectionSettings,
    shard: CollectionIdentity | null,
  ): Promise<WriterDescription> {
    const { COLLECTIONS, COLLECTION_VECTORS } = this.env;
    if (COLLECTIONS === undefined) throw collectionsNotBound();
    if (settings.backend === "vectorize" && COLLECTION_VECTORS === undefined) throw vectorsNotBound();
    const existing = this.#collection;
    if (existing !== null) {
      if (shard !== null && existing.identity.incarnation === shard.incarnation) return existing.describe();
      // The rest of an earlier shard that was not deleted to the end is in nobody's way.
      if (!existing.destroying && (shard === null || existing.identity.createdAt >= shard.createdAt)) {
        throw collectionExists(name);
      }
      await existing.destroy();
      if (existing.alive) throw stillBeingDeleted(name);
      this.#forget(existing);
    }
    // Nothing is awaited from here until it is there, so of two creations one is second.
    if (this.#collection !== null) throw collectionExists(name);
    const identity = shard ?? {
      ...{ name, incarnation: crypto.randomUUID().replaceAll("-", "") },
      createdAt: Math.max(Date.now(), this.#createdAt + 1),
      settings,
    };
    migrate(this.ctx.storage);
    const store = CollectionStore.create(this.ctx.storage, identity, (created) =>
      created.setManifest(manifestOf(created)),
    );
    this.#createdAt = identity.createdAt;
    const collection = this.#live(store, COLLECTIONS);
    this.#collection = collection;
    await collection.ensureShards();
    // Readers find it once its first manifest is in KV; should that fail, the alarm tries again.
    await collection.wake();
    return collection.describe();
  }

  #live(store: CollectionStore, namespace: PublicStore): LiveCollection {
    const { COLLECTION, COLLECTION_VECTORS } = this.env;
    const { identity } = store;
    const isSpread = identity.settings.shards > 1 && COLLECTION !== undefined;
    const family = isSpread ? new ShardFamily(COLLECTION, identity) : null;
    return new LiveCollection(store, this.ctx.storage, namespace, family, COLLECTION_VECTORS);
  }

  #forget(collection: LiveCollection): void {
    this.#createdAt = Math.max(this.#createdAt, collection.identity.createdAt);
    if (this.#collection === collection) this.#collection = null;
  }
}

function answerOfNone(method: CollectionWriterMethod, name: string): null | false {
  if (method === "describe" || method === "manifest") return null;
  if (method === "destroy") return false;
  throw collectionNotFound(name);
}

function collectionExists(name: string): NearvecError {
  return new NearvecError(
    "collection_exists",
    `Expected a name that no collection has, got ${JSON.stringify(name)}. Delete that collection first, or choose another name.`,
    { param: "name" },
  );
}

function stillBeingDeleted(name: string): NearvecError {
  return new NearvecError(
    "storage_unavailable",
    `Expected the last collection called ${JSON.stringify(name)} to be deleted, but not all of it could be deleted yet. Try again in a moment.`,
  );
}
