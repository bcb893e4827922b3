/** One call of a Durable Object, with the platform's failures in our words. */
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionObjects } from "./collection-calls.ts";
import type { CollectionIdentity } from "./collection-store.ts";
import type { CollectionWriterMethod } from "./collection-writer.ts";
import { type RpcOutcome, unpackError } from "./rpc-outcome.ts";

import type { ShardSearcher } from "./shards/shard-searcher.ts";

/** Of the platform's errors, what says whether trying again may help. */
interface PlatformError {
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
  /** Whether it was thrown in the object, not on the way to it. */
  readonly remote?: boolean;
}

/** Calls that may be made twice. The others would answer another thing the second time. */
const repeatable: ReadonlySet<CollectionWriterMethod> = new Set<CollectionWriterMethod>([
  ...(["describe", "manifest", "unchanged", "write", "read", "readVector", "readVectors"] as const),
  ...(["list", "patch", "tail", "adopted", "adopt"] as const),
]);

/**
 * Calls a method of the object of this name, and once more where that may help.
 *
 * @param identity which shard is meant; null of a collection itself
 * @returns no error: that is thrown
 * @throws NearvecError what the method throws, or `storage_unavailable`
 */
export async function callObject(
  objects: CollectionObjects,
  name: string,
  method: CollectionWriterMethod,
  args: unknown[],
  identity: CollectionIdentity | null = null,
): Promise<Exclude<RpcOutcome<unknown>, { error: unknown }>> {
  return attemptTwice(name, repeatable.has(method), async () =>
    // A stub that has failed stays broken, so each attempt has its own.
    unpackError(await objects.get(objects.idFromName(name)).invoke(method, args, identity)),
  );
}

/** Asks the object of a shard to search. @throws as `callObject` does */
export async function searchObject(
  objects: CollectionObjects,
  method: keyof ShardSearcher,
  args: unknown[],
  shard: CollectionIdentity,
): Promise<unknown> {
  const { name } = shard;
  const outcome = await attemptTwice(name, true, async () =>
    unpackError(await objects.get(objects.idFromName(name)).search(method, args, shard)),
  );
  // A shard has no shards.
  return "result" in outcome ? outcome.result : undefined;
}

/** @throws NearvecError what the attempts throw, or `storage_unavailable` */
async function attemptTwice<Result>(
  name: string,
  mayRepeat: boolean,
  attempt: () => Promise<Result>,
): Promise<Result> {
  try {
    return await attempt();
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    // More of the same would not help an object that has too much to do.
    const again = mayRepeat && error.retryable === true && error.overloaded !== true;
    if (!again) throw unavailable(name, error);
  }
  try {
    return await attempt();
  } catch (error) {
    throw isPlatformError(error) ? unavailable(name, error) : error;
  }
}

/** Whether it is the platform that failed: our own errors come as outcomes, and mistakes of ours as plain errors. */
function isPlatformError(error: unknown): error is PlatformError {
  if (typeof error !== "object" || error === null || NearvecError.isInstance(error)) return false;
  const { retryable, overloaded, remote } = error as PlatformError;
  return retryable === true || overloaded === true || remote !== true;
}

function unavailable(name: string, cause: unknown): NearvecError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NearvecError(
    "storage_unavailable",
    `Expected the writer of collection ${JSON.stringify(name)} to answer, but it failed: ${reason}. Try again in a moment.`,
    { cause },
  );
}
