/** The writer of a collection as the rest of the worker calls it: typed, and the same whether or not it is sharded. */
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionBindings } from "./collection-bindings.ts";
import type { CollectionObjects } from "./collection-calls.ts";
import type { CollectionIdentity } from "./collection-store.ts";
import type { CollectionWriter, CollectionWriterMethod } from "./collection-writer.ts";
import { collectionsNotBound } from "./not-bound.ts";
import { callObject, searchObject } from "./object-call.ts";
import { shardIdentity } from "./shard-family.ts";
import { ShardedWriter } from "./sharded-writer.ts";
import type { ShardSearcher } from "./shards/shard-searcher.ts";

type Call = (method: CollectionWriterMethod, args: unknown[]) => Promise<unknown>;

/** Sharded collections that this isolate has met: their shards are asked without asking the collection first. */
const sharded = new Map<string, CollectionIdentity>();

/** Sharded collections remembered at most. */
const maxRemembered = 256;

/** What only the collection's own object can answer. */
const ownMethods: ReadonlySet<CollectionWriterMethod> = new Set<CollectionWriterMethod>([
  ...(["create", "manifest", "destroy"] as const),
]);

/**
 * The writer of this name, whether or not there is such a collection.
 *
 * @throws NearvecError (each call) `collections_unavailable` where the bindings are missing, `storage_unavailable`
 *   where the platform fails, `collection_not_found`
 */
export function collectionWriter(env: CollectionBindings, name: string): CollectionWriter {
  return writerOf(async (method, args) => {
    const objects = objectsOf(env);
    const remembered = ownMethods.has(method) ? undefined : sharded.get(name);
    if (remembered !== undefined) {
      try {
        return await callShards(objects, remembered, method, args);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        // It was deleted, and perhaps made anew, since it was remembered.
        sharded.delete(name);
      }
    }
    const outcome = await callObject(objects, name, method, args);
    if ("result" in outcome) return outcome.result;
    if (sharded.size >= maxRemembered) sharded.clear();
    sharded.set(name, outcome.sharded);
    return callShards(objects, outcome.sharded, method, args);
  });
}

/** The writers of a collection's shards, in order: each has a manifest and a tail of its own. */
export function shardWriters(env: CollectionBindings, collection: CollectionIdentity): CollectionWriter[] {
  return writersOf(objectsOf(env), collection);
}

/** Those who search a collection's shards, in order. */
export function shardSearchers(env: CollectionBindings, collection: CollectionIdentity): ShardSearcher[] {
  const objects = objectsOf(env);
  return Array.from({ length: collection.settings.shards }, (_, number) => {
    const shard = shardIdentity(collection, number);
    // What comes back is what the searcher's method of the same name returned.
    const method = <Method extends keyof ShardSearcher>(name: Method) =>
      ((...args: unknown[]) => searchObject(objects, name, args, shard)) as ShardSearcher[Method];
    return { statistics: method("statistics"), find: method("find") };
  });
}

function writersOf(objects: CollectionObjects, collection: CollectionIdentity): CollectionWriter[] {
  return Array.from({ length: collection.settings.shards }, (_, number) => {
    const shard = shardIdentity(collection, number);
    return writerOf(async (method, args) => {
      const outcome = await callObject(objects, shard.name, method, args, shard);
      // A shard has no shards.
      return "result" in outcome ? outcome.result : undefined;
    });
  });
}

async function callShards(
  objects: CollectionObjects,
  collection: CollectionIdentity,
  method: CollectionWriterMethod,
  args: unknown[],
): Promise<unknown> {
  const writer = new ShardedWriter(collection, writersOf(objects, collection));
  const work = writer[method as keyof ShardedWriter] as (...args: unknown[]) => Promise<unknown>;
  return work.apply(writer, args);
}

function writerOf(call: Call): CollectionWriter {
  // What comes back is what the object's method of the same name returned.
  const method = <Method extends CollectionWriterMethod>(name: Method) =>
    ((...args: unknown[]) => call(name, args)) as CollectionWriter[Method];
  return {
    create: method("create"),
    describe: method("describe"),
    manifest: method("manifest"),
    unchanged: method("unchanged"),
    write: method("write"),
    read: method("read"),
    readVector: method("readVector"),
    readVectors: method("readVectors"),
    list: method("list"),
    patch: method("patch"),
    remove: method("remove"),
    removeMatching: method("removeMatching"),
    removeAll: method("removeAll"),
    tail: method("tail"),
    adopted: method("adopted"),
    adopt: method("adopt"),
    destroy: method("destroy"),
  };
}

function objectsOf({ COLLECTION, COLLECTIONS }: CollectionBindings): CollectionObjects {
  if (COLLECTION === undefined || COLLECTIONS === undefined) throw collectionsNotBound();
  return COLLECTION;
}

function isNotFound(error: unknown): boolean {
  return NearvecError.isInstance(error) && error.code === "collection_not_found";
}
