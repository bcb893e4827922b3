/** What collections need of the request on whose behalf they are read and written. */
import { NearvecError } from "../../shared/errors.ts";
import type { ModelHost } from "../model-bucket.ts";
import type { CollectionWriter } from "./collection-writer.ts";

/** The part of a KV namespace that collections need. */
export type CollectionStore = Pick<KVNamespace, "get" | "put" | "list">;

export interface CollectionHost extends ModelHost {
  /** Manifests and parts. */
  readonly store: CollectionStore;
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
