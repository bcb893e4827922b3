/** Where a collection is published: the few things that a writer does with KV. */
import { NearvecError } from "../../shared/errors.ts";
import { kvConnections } from "../../shared/limits.ts";

/** The part of a KV namespace that a writer needs. */
export type PublicStore = Pick<KVNamespace, "put" | "delete">;

/** Puts and deletes, and says in our words that one failed. @throws NearvecError `storage_unavailable` */
export class KvPartStore {
  readonly #namespace: PublicStore;
  readonly #counted: () => void;

  /** @param counted called after every value that was put */
  constructor(namespace: PublicStore, counted: () => void) {
    this.#namespace = namespace;
    this.#counted = counted;
  }

  async put(key: string, value: Uint8Array | string): Promise<void> {
    await named(key, "take", this.#namespace.put(key, value as Uint8Array<ArrayBuffer> | string));
    this.#counted();
  }

  async delete(key: string): Promise<void> {
    await named(key, "delete", this.#namespace.delete(key));
  }
}

/** Does work on all items, as many at a time as there are connections; the first failure ends it. */
export async function overConnections<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const drain = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: kvConnections }, drain));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function named<T>(key: string, what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NearvecError(
      "storage_unavailable",
      `Expected KV to ${what} ${key}, but it failed: ${reason}. It is tried again.`,
      { cause },
    );
  }
}
