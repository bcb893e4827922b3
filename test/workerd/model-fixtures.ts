/** Puts models into the test's bucket, whole or broken, and asks the worker questions. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { formatModelPointer } from "../../shared/model-store/model-pointer.ts";
import type { App, Bindings } from "../../worker/environment.ts";
import type { ModelBucket } from "../../worker/model-bucket.ts";
import { checkDescribed } from "./described-answer.ts";

/** Those of wrangler.toml, which the worker could also do without. */
export const bindings = env as unknown as Required<{ [Name in keyof Bindings]: NonNullable<Bindings[Name]> }>;

/** Stores a model as the upload does; `stored` is what the bucket gets in place of the true bytes. */
export async function putModel(name: string, bytes: Uint8Array, stored: Uint8Array = bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await bindings.MODELS.put(artifactKey(name, sha256), stored);
  await bindings.MODELS.put(
    pointerKey(name),
    formatModelPointer({ sha256, bytes: stored.byteLength, previous: null }),
  );
  return sha256;
}

/** Stand-in for an R2 bucket that counts its reads and can be told to fail. */
export class CountingBucket implements ModelBucket {
  readonly reads: string[] = [];
  failure: Error | undefined;

  /** Reads of model files, pointers not counted. */
  get artifactReads(): number {
    return this.reads.filter((key) => key.endsWith(".safetensors")).length;
  }

  get: R2Bucket["get"] = ((key: string) => {
    this.reads.push(key);
    return this.failure === undefined ? bindings.MODELS.get(key) : Promise.reject(this.failure);
  }) as R2Bucket["get"];

  list: R2Bucket["list"] = (options) =>
    this.failure === undefined ? bindings.MODELS.list(options) : Promise.reject(this.failure);
}

export interface AskOptions {
  /** The test's R2 bucket if not given; null for a worker without one. */
  readonly bucket?: ModelBucket | null;
  /** `tiny` if not given; null for a worker without the setting. */
  readonly defaultModel?: string | null;
  /** Instead of the test's own bindings for collections, or beside them. */
  readonly collections?: Pick<Bindings, "COLLECTIONS" | "COLLECTION" | "COLLECTION_VECTORS">;
  /** Instead of those that open the worker to all and keep its log quiet. */
  readonly access?: Pick<Bindings, "ACCESS" | "KEYS" | "RATE_LIMITER" | "CORS_ORIGINS" | "REQUEST_LOG">;
}

/** Sends one request to an app, and waits for what it left running. The answer must be one that /openapi.json describes. */
export async function ask(
  app: App,
  path: string,
  init: RequestInit = {},
  options: AskOptions = {},
): Promise<Response> {
  const context = createExecutionContext();
  const { bucket = bindings.MODELS, defaultModel = "tiny" } = options;
  const { COLLECTIONS, COLLECTION } = bindings;
  const environment: Bindings = {
    COLLECTIONS,
    COLLECTION,
    REQUEST_LOG: "off",
    ...(options.access ?? { ACCESS: "open" }),
    ...options.collections,
    ...(bucket === null ? {} : { MODELS: bucket as R2Bucket }),
    ...(defaultModel === null ? {} : { DEFAULT_MODEL: defaultModel }),
  };
  const request = new Request(`https://nearvec.test${path}`, init);
  const response = await app.fetch(request, environment, context);
  await waitOnExecutionContext(context);
  await checkDescribed(app, request, response.clone());
  return response;
}

/** POSTs JSON to /v1/embeddings. */
export function embed(app: App, body: unknown, options: AskOptions = {}): Promise<Response> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  return ask(app, "/v1/embeddings", init, options);
}

/** The error object of an answer. */
export async function errorOf(
  response: Response,
): Promise<{ message: string; type: string; param: string | null; code: string }> {
  return ((await response.json()) as { error: Awaited<ReturnType<typeof errorOf>> }).error;
}
