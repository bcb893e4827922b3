/** A Durable Object's storage and a KV namespace that stop working before a chosen step, as if the runtime had been killed. */
import type { VectorSink } from "../../worker/collections/vectorize/vectorize-publisher.ts";

export class Crash extends Error {}

/** Counts steps, and ends everything before the one that was chosen. */
export class CrashPoint {
  #steps = 0;
  readonly #last: number;
  /** What the step was that did not happen. */
  crashedAt: string | null = null;

  /** @param last steps that still happen */
  constructor(last: number) {
    this.#last = last;
  }

  step(name: string): void {
    if (this.#steps++ < this.#last) return;
    this.crashedAt ??= name;
    throw new Crash(`crashed before ${this.crashedAt}`);
  }
}

/** Every transaction, and every statement outside of one, is a step. */
export function crashingStorage(storage: DurableObjectStorage, point: CrashPoint): DurableObjectStorage {
  let inTransaction = false;
  const sql = {
    exec: (query: string, ...bindings: unknown[]) => {
      if (!inTransaction && !query.startsWith("SELECT")) point.step(query.slice(0, 60));
      return storage.sql.exec(query, ...bindings);
    },
  };
  const partial = {
    sql,
    transactionSync: <Result>(work: () => Result): Result => {
      point.step("a transaction");
      inTransaction = true;
      try {
        return storage.transactionSync(work);
      } finally {
        inTransaction = false;
      }
    },
    sync: async () => point.step("sync"),
    getAlarm: async () => null,
    setAlarm: async () => {},
    deleteAlarm: async () => {},
    deleteAll: () => {
      point.step("deleteAll");
      return storage.deleteAll();
    },
  };
  return partial as unknown as DurableObjectStorage;
}

/** Every put and every delete is a step, and so is the answer to it: it may have happened, and nobody knows. */
export function crashingNamespace(
  namespace: KVNamespace,
  point: CrashPoint,
): Pick<KVNamespace, "put" | "delete"> {
  const around = callsAround(point);
  return {
    put: (key: string, value: string | ArrayBuffer | ArrayBufferView) =>
      around(`put ${key}`, () => namespace.put(key, value as string)),
    delete: (key: string) => around(`delete ${key}`, () => namespace.delete(key)),
  } as Pick<KVNamespace, "put" | "delete">;
}

/** The same for a Vectorize index. */
export function crashingVectors(vectors: VectorSink, point: CrashPoint): VectorSink {
  const around = callsAround(point);
  return {
    upsert: (batch) => around("upsert vectors", () => vectors.upsert(batch)),
    deleteByIds: (ids) => around("delete vectors", () => vectors.deleteByIds(ids)),
  };
}

function callsAround(point: CrashPoint) {
  return async <Result>(name: string, call: () => Promise<Result>): Promise<Result> => {
    point.step(name);
    const result = await call();
    point.step(`the answer to ${name}`);
    return result;
  };
}
