/** NearvecClient: a worker's routes as methods. */
import type { z } from "zod";
import type {
  CollectionAnswer,
  CollectionList,
  CollectionSummary,
} from "../../shared/api/collections/collection-answer.ts";
import type { collectionRequestSchema } from "../../shared/api/collections/collection-request.ts";
import type { Health } from "../../shared/api/health.ts";
import type { ModelDescription, ModelList } from "../../shared/api/model-list.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxInputsPerRequest } from "../../shared/limits.ts";
import { expectTexts } from "../expect-texts.ts";
import { boundedMap } from "./bounded-map.ts";
import { asOfCaller } from "./caller-index.ts";
import { CollectionClient, pages, readPage } from "./collection-client.ts";
import { type EmbeddingBatch, embeddingBatches } from "./embedding-batches.ts";
import { expectField, expectObject } from "./expect-answer.ts";
import { type CallOptions, HttpTransport, type TransportOptions } from "./http-transport.ts";
import { pathSegment } from "./path-segment.ts";
import { type Embeddings, joinEmbeddings, readEmbeddings } from "./read-embeddings.ts";

export interface NearvecClientOptions extends TransportOptions {
  /** The model to embed with where a call names none; the worker's default if not given. */
  readonly model?: string;
  /** Requests under way at once, where a call needs several; 4 if not given. */
  readonly concurrency?: number;
  /** Texts in one request; 2048 if not given, and at most. */
  readonly batchSize?: number;
}

export interface EmbedOptions extends CallOptions {
  readonly model?: string | undefined;
  /** Dimensions to keep, from the first on. */
  readonly dimensions?: number | undefined;
}

/** What a collection is told once: its name, and what differs from the defaults. */
export type NewCollection = z.input<typeof collectionRequestSchema>;

/**
 * A worker, as seen from anywhere that has fetch.
 *
 * @example
 * ```ts
 * const client = new NearvecClient({ baseUrl: "http://127.0.0.1:8787" });
 * const vector = await client.embed("a horse in the rain"); // Float32Array
 * const vectors = await client.embed(["a text", "another"], { dimensions: 128 });
 * ```
 */
export class NearvecClient {
  readonly #transport: HttpTransport;
  readonly #model: string | undefined;
  readonly #concurrency: number;
  readonly #batchSize: number;

  /** @throws NearvecError invalid_request for options that cannot work. */
  constructor(options: NearvecClientOptions) {
    this.#transport = new HttpTransport(options);
    this.#model = options.model;
    this.#concurrency = wholeNumber("concurrency", options.concurrency ?? 4, Number.MAX_SAFE_INTEGER);
    this.#batchSize = wholeNumber("batchSize", options.batchSize ?? maxInputsPerRequest, maxInputsPerRequest);
  }

  /** The vector of a text, or the vectors of several in their order, in as many requests as they need. */
  embed(text: string, options?: EmbedOptions): Promise<Float32Array>;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>;
  async embed(
    input: string | readonly string[],
    options?: EmbedOptions,
  ): Promise<Float32Array | Float32Array[]> {
    if (typeof input !== "string") return (await this.embedWithUsage(input, options)).vectors;
    return (await this.embedWithUsage([input], options)).vectors[0]!;
  }

  /** As `embed`, with the model that answered and the tokens it took. */
  async embedWithUsage(texts: readonly string[], options: EmbedOptions = {}): Promise<Embeddings> {
    expectTexts(texts);
    const batches = await boundedMap(
      embeddingBatches(texts, this.#batchSize),
      this.#concurrency,
      (batch, signal) => this.#embedBatch(batch, { ...options, signal }),
      options.signal,
    );
    try {
      return joinEmbeddings(batches);
    } catch (cause) {
      throw new NearvecError("answer_invalid", `Expected one model: ${(cause as Error).message}`, { cause });
    }
  }

  async #embedBatch(
    batch: EmbeddingBatch,
    { model, dimensions, ...call }: EmbedOptions,
  ): Promise<Embeddings> {
    const others = JSON.stringify({ model: model ?? this.#model, dimensions, encoding_format: "base64" });
    try {
      return await this.#transport.send(
        {
          method: "POST",
          path: "/v1/embeddings",
          body: `{"input":${batch.input},${others.slice(1)}`,
          repeatable: true,
          read: (answer) => readEmbeddings(answer, batch.count, dimensions),
        },
        call,
      );
    } catch (error) {
      throw asOfCaller(error, "input", batch.start);
    }
  }

  /** The models that can be named. */
  async models(call?: CallOptions): Promise<ModelDescription[]> {
    return this.#get("/v1/models", (answer: ModelList) => expectField(answer, "data", Array.isArray), call);
  }

  /** @throws NearvecError model_not_found */
  async model(id: string, call?: CallOptions): Promise<ModelDescription> {
    return this.#get(
      `/v1/models/${pathSegment(id, "model")}`,
      (answer: ModelDescription) => {
        expectField(answer, "id", (value) => value === id);
        return answer;
      },
      call,
    );
  }

  /** Resolves once the worker's default model is loaded: awaiting it warms the worker up. */
  async health(call?: CallOptions): Promise<Health> {
    return this.#get(
      "/health",
      (answer: Health) => {
        expectField(answer, "status", (value) => value === "ok");
        return answer;
      },
      call,
    );
  }

  /** A collection that is there, or will be: asks nothing. */
  collection(name: string): CollectionClient {
    return new CollectionClient(this.#transport, name);
  }

  /** @throws NearvecError collection_exists; also where a first try came through, but its answer was lost */
  async createCollection(settings: NewCollection, call?: CallOptions): Promise<CollectionClient> {
    await this.#transport.send(
      {
        method: "POST",
        path: "/v1/collections",
        body: JSON.stringify(settings),
        repeatable: false,
        read: (answer) => expectObject<CollectionAnswer>(answer, "collection"),
      },
      call,
    );
    return this.collection(settings.name);
  }

  /** All collections, a page at a time. */
  collections(call?: CallOptions): AsyncGenerator<CollectionSummary> {
    return pages((cursor) => {
      const query = cursor === null ? "" : `?${new URLSearchParams({ cursor })}`;
      return this.#get(`/v1/collections${query}`, readPage<CollectionList>, call);
    });
  }

  /** Deletes a collection with all its documents. @throws NearvecError collection_not_found */
  async deleteCollection(name: string, call?: CallOptions): Promise<void> {
    await this.#transport.send(
      {
        method: "DELETE",
        path: `/v1/collections/${pathSegment(name, "collection")}`,
        repeatable: false,
        read: (answer: unknown) =>
          expectField(answer as { deleted: unknown }, "deleted", (value) => value === true),
      },
      call,
    );
  }

  #get<Answer, Result>(
    path: string,
    read: (answer: Answer) => Result,
    call: CallOptions | undefined,
  ): Promise<Result> {
    return this.#transport.send(
      { method: "GET", path, repeatable: true, read: (answer) => read(answer as Answer) },
      call,
    );
  }
}

function wholeNumber(param: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new NearvecError(
    "invalid_request",
    `Expected ${param} to be a whole number from 1 to ${most}, got ${value}.`,
    { param },
  );
}
