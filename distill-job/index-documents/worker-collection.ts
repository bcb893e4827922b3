/** A collection of a running worker, as far as indexing needs it, over HTTP. */
import { setTimeout as sleep } from "node:timers/promises";
import { collectionSchema } from "../../shared/api/collections/collection-answer.ts";
import { segmentsCheckAnswerSchema } from "../../shared/api/collections/segments-check.ts";
import { errorResponseSchema } from "../../shared/api/error-response.ts";
import { type ErrorCode, errorStatus, NearvecError } from "../../shared/errors.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import { isWorthRetrying, networkReason } from "../network-failure.ts";
import type { SegmentReceiver } from "./index-documents.ts";

export interface WorkerAccess {
  /** E.g. `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Sent as a bearer token; null where the worker is open. */
  readonly key: string | null;
}

/** What a new collection is created with, in the API's words; `model` and the like are the worker's choice if not given. */
export type CollectionWish = Readonly<Record<string, unknown>>;

/** Attempts at a request that a busy or unreachable worker did not answer. */
const attempts = 5;
const firstPauseMilliseconds = 500;

export class WorkerCollection implements SegmentReceiver {
  readonly #access: WorkerAccess;
  readonly #path: string;
  readonly name: string;

  constructor(access: WorkerAccess, name: string) {
    this.#access = { ...access, url: access.url.replace(/\/+$/, "") };
    this.name = name;
    this.#path = `/v1/collections/${encodeURIComponent(name)}`;
  }

  /** Its settings; null if there is no such collection. @throws NearvecError */
  async settings(): Promise<CollectionSettings | null> {
    try {
      return settingsOf(await this.#json("GET", this.#path));
    } catch (error) {
      if (NearvecError.isInstance(error) && error.code === "collection_not_found") return null;
      throw error;
    }
  }

  /** @throws NearvecError what the worker refuses of it */
  async create(wish: CollectionWish): Promise<CollectionSettings> {
    return settingsOf(
      await this.#json("POST", "/v1/collections", JSON.stringify({ ...wish, name: this.name })),
    );
  }

  async hasSegment(id: string): Promise<boolean> {
    const body = JSON.stringify({ segments: [id] });
    const answer = await this.#json("POST", `${this.#path}/segments/check`, body);
    return segmentsCheckAnswerSchema.parse(answer).data[0]?.adopted ?? false;
  }

  async uploadSegment(upload: Uint8Array): Promise<void> {
    await this.#json("POST", `${this.#path}/segments`, upload);
  }

  /** All of these requests may be repeated: what has been done already is found done. */
  async #json(method: string, path: string, body?: string | Uint8Array): Promise<unknown> {
    let pause = firstPauseMilliseconds;
    for (let attempt = 1; ; attempt++, pause *= 2) {
      const outcome = await this.#ask(method, path, body);
      if ("answer" in outcome) return outcome.answer;
      if (!outcome.again || attempt === attempts) throw outcome.error;
      await sleep(outcome.afterSeconds === null ? pause : outcome.afterSeconds * 1000);
    }
  }

  async #ask(method: string, path: string, body: string | Uint8Array | undefined): Promise<Outcome> {
    const { url, key } = this.#access;
    const headers = {
      ...(body === undefined
        ? {}
        : { "content-type": typeof body === "string" ? "application/json" : "application/octet-stream" }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    };
    let response: Response;
    let text: string;
    try {
      const init = body === undefined ? {} : { body: body as BodyInit };
      response = await fetch(`${url}${path}`, { method, headers, ...init });
      text = await response.text();
    } catch (cause) {
      const error = new NearvecError(
        "storage_unavailable",
        `Expected a nearvec worker at ${url}, but ${networkReason(cause)}. Start one with \`npm start\`, or name it with --url.`,
        { param: "url", cause },
      );
      return { error, again: isWorthRetrying(cause), afterSeconds: null };
    }
    if (response.ok) return { answer: parse(text, url) };
    const after = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      error: errorOf(response.status, text, `${method} ${url}${path}`),
      again: response.status === 429 || response.status >= 500,
      afterSeconds: Number.isFinite(after) ? after : null,
    };
  }
}

type Outcome =
  | { readonly answer: unknown }
  | { readonly error: NearvecError; readonly again: boolean; readonly afterSeconds: number | null };

function settingsOf(answer: unknown): CollectionSettings {
  const { model, chunking, best_window: bestWindow, ...rest } = collectionSchema.parse(answer);
  return {
    model: { name: model.id, sha256: model.sha256 },
    dimensions: rest.dimensions,
    fields: rest.fields,
    chunking:
      chunking === null
        ? null
        : {
            by: chunking.by,
            maxCharacters: chunking.max_characters,
            overlapCharacters: chunking.overlap_characters,
          },
    whitening: rest.whitening,
    bestWindow,
    shards: rest.shards,
    backend: rest.backend,
  };
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NearvecError(
      "internal_error",
      `Expected JSON from ${url}, got ${JSON.stringify(text.slice(0, 80))}. Is it a nearvec worker?`,
      { cause },
    );
  }
}

/** The worker's own error, where it sent one. */
function errorOf(status: number, text: string, request: string): NearvecError {
  try {
    const { error } = errorResponseSchema.parse(JSON.parse(text));
    const code = Object.hasOwn(errorStatus, error.code) ? (error.code as ErrorCode) : "internal_error";
    return new NearvecError(code, error.message, error.param === null ? {} : { param: error.param });
  } catch (cause) {
    return new NearvecError(
      "internal_error",
      `Expected ${request} to be answered, got ${status}: ${text.slice(0, 200)}`,
      { cause },
    );
  }
}
