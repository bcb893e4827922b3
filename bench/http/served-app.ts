/** The worker as it is deployed, on a direct socket, with the default model in its bucket. */
import { readFileSync } from "node:fs";
import type { Miniflare } from "miniflare";
import { sha256Of } from "../../distill-job/upload/publish-model.ts";
import { apiKeySha256, randomApiKey, randomKeyId } from "../../shared/access/api-key.ts";
import { type KeyRecord, keyRecordKey } from "../../shared/access/key-record.ts";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { formatModelPointer } from "../../shared/model-store/model-pointer.ts";
import { directUrl, type IsolateBindings, startIsolate } from "../workerd/isolate.ts";
import { childProcesses } from "./process-time.ts";

export const defaultModelFile = new URL("../../models/base.safetensors", import.meta.url);

/** A worker that answers, in a process of its own. */
export interface Server {
  readonly url: string;
  /** Undefined where the system does not tell. */
  readonly pid: number | undefined;
  readonly isolate: Miniflare;
}

/** Starts a worker of bench/workerd; nothing else may start one meanwhile. */
export async function startServer(entry: string, bindings: IsolateBindings = {}): Promise<Server> {
  const others = childProcesses("workerd");
  const isolate = await startIsolate(entry, bindings);
  const pid = childProcesses("workerd").find((process) => !others.includes(process));
  return { url: await directUrl(isolate), pid, isolate };
}

/**
 * Starts the worker of admission-worker.ts, whose rate limiter is simulated in the same process.
 *
 * @returns The server, and a key that is good for embedding.
 */
export async function startAdmissionApps(): Promise<Server & { readonly key: string }> {
  const server = await startServedApp("admission-worker.ts", {
    kvNamespaces: ["KEYS"],
    // More than can come, so that all are counted and none is refused.
    rateLimits: { RATE_LIMITER: { limit: 1_000_000_000, period: 10 } },
  });
  const id = randomKeyId();
  const key = randomApiKey(id);
  const created = new Date().toISOString();
  const record: KeyRecord = {
    ...{ version: 1, id, name: "bench", scopes: ["embed"], collections: null, created, expires: null },
    secrets: [{ sha256: await apiKeySha256(key), created, expires: null }],
  };
  const store = await server.isolate.getKVNamespace("KEYS");
  await store.put(keyRecordKey(id), JSON.stringify(record));
  return { ...server, key };
}

/** Starts a worker that lets everyone in. */
export function startOpenApp(): Promise<Server> {
  return startServedApp("../../worker/index.ts", { variables: { ACCESS: "open", REQUEST_LOG: "off" } });
}

/** Starts a worker with nearvec in it, and puts the default model into its bucket under the name `base`. */
async function startServedApp(entry: string, bindings: IsolateBindings): Promise<Server> {
  const server = await startServer(entry, { r2Buckets: ["MODELS"], ...bindings });
  const file = readFileSync(defaultModelFile);
  const sha256 = sha256Of(file);
  const bucket = await server.isolate.getR2Bucket("MODELS");
  await bucket.put(artifactKey("base", sha256), file);
  const pointer = formatModelPointer({ sha256, bytes: file.length, previous: null });
  await bucket.put(pointerKey("base"), pointer);
  return server;
}
