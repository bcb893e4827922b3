/** KV as readers of collections use it. */
import { NearvecError } from "../../shared/errors.ts";

/** The part of a KV namespace that reading collections needs. */
export type PublishedStore = Pick<KVNamespace, "get" | "list">;

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
