/** NearvecClient: a worker's routes as methods. */
import type { Health } from "../../shared/api/health.ts";
import type { ModelDescription, ModelList } from "../../shared/api/model-list.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxInputsPerRequest } from "../../shared/limits.ts";
import { expectTexts } from "../expect-texts.ts";
import { boundedMap } from "./bounded-map.ts";
import { asOfCaller } from "./caller-index.ts";
import { CollectionClient } from "./collection-client.ts";
import { Collections } from "./collections.ts";
import { type EmbeddingBatch, embeddingBatches } from "./embedding-batches.ts";
import { expectField } from "./expect-answer.ts";
import { type CallOptions, HttpTransport, type TransportOptions } from "./http-transport.ts";
import { pathSegment } from "./path-segment.ts";
import { type Embeddings, joinEmbeddings, readEmbeddings } from "./read-embeddings.ts";
import { readSequences, readTokens, type Token } from "./read-sequences.ts";

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

export interface SequenceOptions extends EmbedOptions {
  /** Tokens to keep of each text; all if not given. */
  readonly maxLength?: number;
}

/** Texts in one request for a vector per token: an answer has room for some thousand tokens. */
const textsPerSequenceRequest = 16;

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
  /** Makes, lists and deletes collections. */
  readonly collections: Collections;
  readonly #transport: HttpTransport;
  readonly #model: string | undefined;
  readonly #concurrency: number;
  readonly #batchSize: number;

  /** @throws NearvecError invalid_request for options that cannot work. */
  constructor(options: NearvecClientOptions) {
    this.#transport = new HttpTransport(options);
    this.collections = new Collections(this.#transport);
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
    const { model, dimensions } = options;
    const batches = await this.#inBatches(texts, this.#batchSize, options, (batch, call) =>
      this.#post(
        "/v1/embeddings",
        `"input":${batch.input}`,
        { model: model ?? this.#model, dimensions, encoding_format: "base64" },
        (answer) => readEmbeddings(answer, batch.count, dimensions),
        call,
      ),
    );
    try {
      return joinEmbeddings(batches);
    } catch (cause) {
      throw new NearvecError("answer_invalid", `Expected one model: ${(cause as Error).message}`, { cause });
    }
  }

  /** For each text a vector for each of its tokens, neither averaged nor normalized. */
  async encodeAsSequence(texts: readonly string[], options: SequenceOptions = {}): Promise<Float32Array[][]> {
    const { model, dimensions, maxLength } = options;
    const others = { model: model ?? this.#model, dimensions, max_length: maxLength };
    const batches = await this.#inBatches(texts, textsPerSequenceRequest, options, (batch, call) =>
      this.#post(
        "/v1/encode_as_sequence",
        `"input":${batch.input}`,
        { ...others, encoding_format: "base64" },
        (answer) => readSequences(answer, batch.count, dimensions),
        call,
      ),
    );
    return batches.flat();
  }

  /** The tokens of each text, unknown ones included. */
  async tokenize(
    texts: readonly string[],
    options: CallOptions & Pick<EmbedOptions, "model"> = {},
  ): Promise<Token[][]> {
    const others = { model: options.model ?? this.#model };
    const batches = await this.#inBatches(texts, this.#batchSize, options, (batch, call) =>
      this.#post(
        "/tokenize",
        `"inputs":${batch.input}`,
        others,
        (answer) => readTokens(answer, batch.count),
        call,
      ),
    );
    return batches.flat();
  }

  /** Sends texts in as many requests as they need, a few at a time. */
  async #inBatches<Result>(
    texts: readonly string[],
    batchSize: number,
    { signal, headers }: CallOptions,
    send: (batch: EmbeddingBatch, call: CallOptions) => Promise<Result>,
  ): Promise<Result[]> {
    expectTexts(texts);
    const batches = embeddingBatches(texts, batchSize);
    const work = async (batch: EmbeddingBatch, either: AbortSignal): Promise<Result> => {
      try {
        return await send(batch, { headers, signal: either });
      } catch (error) {
        throw asOfCaller(error, "input", batch.start);
      }
    };
    return boundedMap(batches, this.#concurrency, work, signal);
  }

  /** @param printed A field that is JSON already: texts are only printed once. */
  #post<Result>(
    path: string,
    printed: string,
    others: object,
    read: (answer: unknown) => Result,
    call: CallOptions,
  ): Promise<Result> {
    const rest = JSON.stringify(others).slice(1);
    const body = rest === "}" ? `{${printed}}` : `{${printed},${rest}`;
    return this.#transport.send({ method: "POST", path, body, repeatable: true, read }, call);
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

  /** One collection, that is there or will be: asks nothing. */
  collection(name: string): CollectionClient {
    return new CollectionClient(this.#transport, name);
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
