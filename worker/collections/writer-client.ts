/** The writer of a collection as the rest of the worker calls it: typed, and with the platform's failures in our words. */
import { NearvecError } from "../../shared/errors.ts";
import { type CollectionBindings, collectionsNotBound } from "./collection-bindings.ts";
import type { CollectionObject } from "./collection-object.ts";
import type { CollectionWriter, CollectionWriterMethod } from "./collection-writer.ts";
import { resultOf } from "./rpc-outcome.ts";

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
  ...(["list", "patch"] as const),
  ...(["tail", "adopted", "adopt"] as const),
]);

/**
 * The writer of this name, whether or not there is such a collection.
 *
 * @throws NearvecError (each call) `collections_unavailable` where the bindings are missing, `storage_unavailable`
 *   where the platform fails, `collection_not_found`
 */
export function collectionWriter(env: CollectionBindings, name: string): CollectionWriter {
  const call = <Method extends CollectionWriterMethod>(method: Method): CollectionWriter[Method] => {
    const calling = async (...args: unknown[]): Promise<unknown> => {
      if (env.COLLECTION === undefined || env.COLLECTIONS === undefined) throw collectionsNotBound();
      return invoke(env.COLLECTION, name, method, args);
    };
    // What comes back is what the object's method of the same name returned.
    return calling as CollectionWriter[Method];
  };
  return {
    create: call("create"),
    describe: call("describe"),
    manifest: call("manifest"),
    unchanged: call("unchanged"),
    write: call("write"),
    read: call("read"),
    readVector: call("readVector"),
    readVectors: call("readVectors"),
    list: call("list"),
    patch: call("patch"),
    remove: call("remove"),
    removeMatching: call("removeMatching"),
    removeAll: call("removeAll"),
    tail: call("tail"),
    adopted: call("adopted"),
    adopt: call("adopt"),
    destroy: call("destroy"),
  };
}

async function invoke(
  objects: DurableObjectNamespace<CollectionObject>,
  name: string,
  method: CollectionWriterMethod,
  args: unknown[],
): Promise<unknown> {
  // A stub that has failed stays broken, so each attempt has its own.
  const attempt = async () => resultOf(await objects.get(objects.idFromName(name)).invoke(method, args));
  try {
    return await attempt();
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    // More of the same would not help an object that has too much to do.
    const again = repeatable.has(method) && error.retryable === true && error.overloaded !== true;
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
