/** Counts what Cloudflare bills: operations on R2, KV and Durable Objects, whoever in the isolate makes them. */
import type { CollectionObject } from "../../worker/collections/collection-object.ts";
import { bindings } from "./model-fixtures.ts";

/** Operations by what they are billed as. */
export interface Operations {
  /** R2's class B: an object read, whole or in part. */
  r2Reads: number;
  kvReads: number;
  kvWrites: number;
  kvDeletes: number;
  kvLists: number;
  /** Calls of a Durable Object's methods, by requests. */
  objectRequests: number;
  /** Alarms, which are billed as requests, too. */
  alarms: number;
  rowsRead: number;
  rowsWritten: number;
}

const none: Operations = {
  ...{ r2Reads: 0, kvReads: 0, kvWrites: 0, kvDeletes: 0, kvLists: 0 },
  ...{ objectRequests: 0, alarms: 0, rowsRead: 0, rowsWritten: 0 },
};

const counts: Operations = { ...none };
const cursors: SqlStorageCursor<never>[] = [];

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Puts a counter before a method of everything that has this prototype. */
function countCalls(
  prototype: object,
  method: string,
  count: (args: unknown[], result: unknown) => void,
): void {
  const methods = prototype as Record<string, Method>;
  const original = methods[method]!;
  methods[method] = function (...args) {
    const result = original.apply(this, args);
    count(args, result);
    return result;
  };
}

let installed = false;

/** Begins to count in this isolate. */
export function installCounters(): void {
  if (installed) return;
  installed = true;
  const kv = Object.getPrototypeOf(bindings.COLLECTIONS);
  // A bulk get is one call, but billed by the key.
  countCalls(kv, "get", ([keys]) => {
    counts.kvReads += Array.isArray(keys) ? keys.length : 1;
  });
  countCalls(kv, "getWithMetadata", ([keys]) => {
    counts.kvReads += Array.isArray(keys) ? keys.length : 1;
  });
  countCalls(kv, "put", () => counts.kvWrites++);
  countCalls(kv, "delete", () => counts.kvDeletes++);
  countCalls(kv, "list", () => counts.kvLists++);
  const r2 = Object.getPrototypeOf(bindings.MODELS);
  countCalls(r2, "get", () => counts.r2Reads++);
  countCalls(r2, "head", () => counts.r2Reads++);
}

/** Begins to count in an object: rows of its database, its alarms, and its calls. */
export function countObject(instance: CollectionObject, storage: DurableObjectStorage): void {
  const sql = Object.getPrototypeOf(storage.sql) as { counted?: true };
  if (sql.counted) return;
  sql.counted = true;
  countCalls(sql, "exec", (_, cursor) => cursors.push(cursor as SqlStorageCursor<never>));
  countCalls(Object.getPrototypeOf(storage), "setAlarm", () => counts.rowsWritten++);
  const object = Object.getPrototypeOf(instance);
  countCalls(object, "invoke", () => counts.objectRequests++);
  countCalls(object, "search", () => counts.objectRequests++);
  countCalls(object, "alarm", () => counts.alarms++);
}

export function resetCounts(): void {
  Object.assign(counts, none);
  cursors.length = 0;
}

/** What has been counted since the last reset. */
export function countedOperations(): Operations {
  const total = { ...counts };
  for (const { rowsRead, rowsWritten } of cursors) {
    total.rowsRead += rowsRead;
    total.rowsWritten += rowsWritten;
  }
  return total;
}
