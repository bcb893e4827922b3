/** The Durable Object of one collection: its only writer, and all that survives of it between two requests. */
import { DurableObject } from "cloudflare:workers";
import { collectionNotFound } from "../../shared/api/collections/collection-name.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import { collectionsNotBound } from "./collection-bindings.ts";
import { CollectionStore } from "./collection-store.ts";
import type { WriterDescription } from "./collection-writer.ts";
import { type CollectionWriter, type CollectionWriterMethod, isWriterMethod } from "./collection-writer.ts";
import type { PublicStore } from "./kv-part-store.ts";
import { LiveCollection } from "./live-collection.ts";
import { manifestOf } from "./next-manifest.ts";
import { outcomeOf, type RpcOutcome } from "./rpc-outcome.ts";
import { hasSchema, migrate } from "./schema.ts";

/** What of the worker's bindings a collection's object uses. */
export interface CollectionObjectBindings {
  readonly COLLECTIONS?: PublicStore | undefined;
}

export class CollectionObject extends DurableObject<CollectionObjectBindings> {
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
      this.#collection = new LiveCollection(store, ctx.storage, env.COLLECTIONS);
      await this.#collection.resume();
    });
  }

  /** The one call that crosses over: a method of CollectionWriter and its arguments. `collectionWriter` makes it. */
  invoke(method: CollectionWriterMethod, args: unknown[]): Promise<RpcOutcome<unknown>> {
    return outcomeOf(async () => {
      if (!isWriterMethod(method)) throw new TypeError(`Expected a method of a writer, got ${method}`);
      if (method === "create") return this.#create(...(args as Parameters<CollectionWriter["create"]>));
      const collection = this.#collection;
      const gone = collection === null || (collection.destroying && method !== "destroy");
      if (gone) return answerOfNone(method, this.ctx.id.name ?? "");
      const work = collection[method] as (...args: readonly unknown[]) => Promise<unknown>;
      const result = await work.apply(collection, args);
      if (method === "destroy") this.#forget(collection);
      return result;
    });
  }

  override async alarm(): Promise<void> {
    const collection = this.#collection;
    if (collection === null) return;
    await collection.wake();
    if (!collection.alive) this.#forget(collection);
  }

  async #create(name: string, settings: CollectionSettings): Promise<WriterDescription> {
    const { COLLECTIONS } = this.env;
    if (COLLECTIONS === undefined) throw collectionsNotBound();
    const existing = this.#collection;
    if (existing?.destroying) {
      await existing.destroy();
      this.#forget(existing);
    } else if (existing !== null) {
      throw collectionExists(name);
    }
    // Nothing is awaited from here until it is there, so of two creations one is second.
    if (this.#collection !== null) throw collectionExists(name);
    const createdAt = Math.max(Date.now(), this.#createdAt + 1);
    const incarnation = crypto.randomUUID().replaceAll("-", "");
    migrate(this.ctx.storage);
    const store = CollectionStore.create(
      this.ctx.storage,
      { name, incarnation, createdAt, settings },
      (created) => created.setManifest(manifestOf(created)),
    );
    this.#createdAt = createdAt;
    const collection = new LiveCollection(store, this.ctx.storage, COLLECTIONS);
    this.#collection = collection;
    // Readers find it once its first manifest is in KV; should that fail, the alarm tries again.
    await collection.wake();
    return collection.describe();
  }

  #forget(collection: LiveCollection): void {
    this.#createdAt = Math.max(this.#createdAt, collection.createdAt);
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
