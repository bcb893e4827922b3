/** The worker that the page came from, as seen over HTTP. */
import { ApiFailure, failureOf } from "./api-failure.ts";
import type { KeyStore } from "./key-store.ts";

export interface ApiRequest {
  /** POST if there is a body, else GET. */
  readonly method?: "GET" | "POST" | "DELETE";
  /** From where the app is mounted, e.g. `/v1/embeddings`. */
  readonly path: string;
  readonly body?: unknown;
}

export interface Timing {
  /** From the request to the last byte, as this page measured it. */
  readonly roundTripMs: number;
  /** As `server-timing` says; null if it does not. */
  readonly workerMs: number | null;
}

export interface ApiAnswer<Body> {
  readonly body: Body;
  readonly timing: Timing;
}

export class WorkerApi {
  /** Where the app is mounted, without a slash at its end. */
  readonly base: string;
  readonly keys: KeyStore;

  constructor(base: string, keys: KeyStore) {
    this.base = base;
    this.keys = keys;
  }

  /** @throws ApiFailure, or the signal's reason */
  async json<Body>(request: ApiRequest, signal?: AbortSignal): Promise<ApiAnswer<Body>> {
    const began = performance.now();
    const response = await this.fetch(request, signal);
    const body = (await response.json()) as Body;
    return { body, timing: { roundTripMs: performance.now() - began, workerMs: workerMs(response) } };
  }

  /** The answer itself, for those that are no JSON. @throws ApiFailure, or the signal's reason */
  async fetch({ method, path, body }: ApiRequest, signal?: AbortSignal): Promise<Response> {
    const { key } = this.keys;
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ApiFailure(
        `Expected the worker to answer at ${this.base}, got no answer (${(cause as Error).message}). Is it running?`,
        { status: 0, code: "connection_failed", param: null, requestId: null },
      );
    }
    if (!response.ok) throw failureOf(response, await response.text());
    return response;
  }
}

/** The worker's own total: of a search the sum of its stages, for it has no entry for the whole. */
function workerMs(response: Response): number | null {
  const entries = (response.headers.get("server-timing") ?? "")
    .split(",")
    .map((entry) => /^\s*([\w-]+);dur=([\d.]+)/.exec(entry))
    .filter((match) => match !== null)
    .map(([, name, duration]) => ({ name, duration: Number(duration) }));
  if (entries.length === 0) return null;
  const total = entries.find(({ name }) => name === "total");
  return total?.duration ?? entries.reduce((sum, { duration }) => sum + duration, 0);
}
