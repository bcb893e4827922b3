/** Every client that the test tables run through, as one function each. */
import { OpenAIEmbeddings } from "@langchain/openai";
import * as ai7 from "ai";
import * as ai6 from "ai-6";
import { CohereClientV2, CohereError } from "cohere-ai";
import { Ollama } from "ollama";
import OpenAI, { APIError } from "openai";
import { embeddingModel } from "../../client/ai/index.ts";
import type { EmbeddingSource } from "../../client/embedding-source.ts";
import { NearvecClient } from "../../client/http/index.ts";
import { NearvecEmbeddings } from "../../client/langchain/index.ts";
import { NearvecEmbedding } from "../../client/llamaindex/index.ts";
import { pipeline } from "../../client/pipeline/index.ts";
import { NearvecError } from "../../shared/errors.ts";

export interface EmbedRequest {
  /** The worker's default, `tiny`, if not given. */
  readonly model?: string | undefined;
  readonly dimensions?: number | undefined;
  /** Only given to clients that take one. */
  readonly signal?: AbortSignal | undefined;
}

/** Texts to vectors, whatever it takes. */
export type Embed = (texts: readonly string[], request?: EmbedRequest) => Promise<ArrayLike<number>[]>;

/** What can happen on the way to a worker, once. */
export type Mishap = "429" | "500" | "503" | "no answer" | "half a body";

export interface TestedClient {
  readonly embed: Embed;
  /** Whether it takes more texts than a request does. */
  readonly splits: boolean;
  /** Whether a call takes a signal. */
  readonly takesSignals: boolean;
  /** What it tries again by itself. */
  readonly survives: readonly Mishap[];
  /** The status of an error of its own; undefined for any other error. */
  statusOf(error: unknown): number | undefined;
}

const all: readonly Mishap[] = ["429", "500", "503", "no answer", "half a body"];

const ours = {
  splits: true,
  takesSignals: false,
  survives: all,
  statusOf: (error: unknown) => (NearvecError.isInstance(error) ? error.status : undefined),
};

/** Our adapters, which take a worker and a model in process alike. */
export const adapters: Readonly<Record<string, (source: EmbeddingSource) => TestedClient>> = {
  "LangChain.js, embedDocuments": (source) => ({
    ...ours,
    embed: (texts, request) => new NearvecEmbeddings({ source, ...request }).embedDocuments([...texts]),
  }),
  "LangChain.js, embedQuery": (source) => ({
    ...ours,
    embed: eachOf((text, request) => new NearvecEmbeddings({ source, ...request }).embedQuery(text)),
  }),
  "AI SDK 6, embedMany": (source) => ({
    ...ours,
    takesSignals: true,
    embed: async (texts, { signal, ...settings } = {}) => {
      const model = embeddingModel(source, settings);
      return (await ai6.embedMany({ model, values: [...texts], ...aborted(signal) })).embeddings;
    },
  }),
  "AI SDK 7, embedMany": (source) => ({
    ...ours,
    takesSignals: true,
    embed: async (texts, { signal, ...settings } = {}) => {
      const model = embeddingModel(source, settings);
      return (await ai7.embedMany({ model, values: [...texts], ...aborted(signal) })).embeddings;
    },
  }),
  "AI SDK 7, embed": (source) => ({
    ...ours,
    takesSignals: true,
    embed: eachOf(async (value, { signal, ...settings }) => {
      const model = embeddingModel(source, settings);
      return (await ai7.embed({ model, value, ...aborted(signal) })).embedding;
    }),
  }),
  "LlamaIndex.TS, in a batch": (source) => ({
    ...ours,
    embed: (texts, request) =>
      new NearvecEmbedding({ source, ...request }).getTextEmbeddingsBatch([...texts]),
  }),
  "LlamaIndex.TS, one by one": (source) => ({
    ...ours,
    embed: eachOf((text, request) => new NearvecEmbedding({ source, ...request }).getTextEmbedding(text)),
  }),
  "Transformers.js-shaped pipeline": (source) => ({
    ...ours,
    embed: async (texts, request) => {
      const extractor = await pipeline("feature-extraction", source, request);
      return (await extractor(texts, { pooling: "mean", normalize: true })).tolist() as number[][];
    },
  }),
};

/** Clients that know a worker only. */
export function httpClients(url: string): Readonly<Record<string, TestedClient>> {
  const nearvec = new NearvecClient({ baseUrl: url });
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" });
  const cohere = new CohereClientV2({ environment: url, token: "none" });
  const openaiClient = (format?: "float" | "base64"): TestedClient => ({
    splits: false,
    takesSignals: true,
    survives: ["429", "500", "503", "no answer"],
    statusOf: (error) => (error instanceof APIError ? error.status : undefined),
    embed: async (texts, { model = "tiny", dimensions, signal } = {}) => {
      const { data } = await openai.embeddings.create(
        {
          model,
          input: [...texts],
          ...(dimensions === undefined ? {} : { dimensions }),
          ...(format === undefined ? {} : { encoding_format: format }),
        },
        signal === undefined ? {} : { signal },
      );
      return data.map(({ embedding }) => embedding);
    },
  });
  const cohereClient = (inputOf: (texts: readonly string[]) => object): TestedClient => ({
    splits: false,
    takesSignals: true,
    survives: ["429", "500", "503"],
    statusOf: (error) => (error instanceof CohereError ? error.statusCode : undefined),
    embed: async (texts, { model = "tiny", dimensions, signal } = {}) => {
      const { embeddings } = await cohere.embed(
        {
          model,
          inputType: "search_document",
          embeddingTypes: ["float"],
          ...inputOf(texts),
          ...(dimensions === undefined ? {} : { outputDimension: dimensions }),
        },
        signal === undefined ? {} : { abortSignal: signal },
      );
      return embeddings.float ?? [];
    },
  });
  return {
    "NearvecClient, many": {
      ...ours,
      takesSignals: true,
      embed: (texts, request) => nearvec.embed(texts, request),
    },
    "NearvecClient, one by one": {
      ...ours,
      takesSignals: true,
      embed: eachOf((text, request) => nearvec.embed(text, request)),
    },
    "openai, as it is": openaiClient(),
    "openai, in floats": openaiClient("float"),
    "@langchain/openai": {
      splits: true,
      takesSignals: false,
      survives: all,
      statusOf: (error) => (error as { status?: number }).status,
      embed: (texts, { model = "tiny", dimensions } = {}) =>
        new OpenAIEmbeddings({
          model,
          apiKey: "none",
          configuration: { baseURL: `${url}/v1` },
          ...(dimensions === undefined ? {} : { dimensions }),
        }).embedDocuments([...texts]),
    },
    "cohere-ai, texts": cohereClient((texts) => ({ texts: [...texts] })),
    "cohere-ai, inputs": cohereClient((texts) => ({
      inputs: texts.map((text) => ({ content: [{ type: "text", text }] })),
    })),
    ollama: {
      splits: false,
      takesSignals: true,
      survives: [],
      statusOf: (error) => (error as { status_code?: number }).status_code,
      embed: async (texts, { model = "tiny:latest", dimensions, signal } = {}) => {
        const ollama = new Ollama({
          host: url,
          // It has no signals of its own.
          fetch: (input, init) => fetch(input, { ...init, ...(signal === undefined ? {} : { signal }) }),
        });
        const { embeddings } = await ollama.embed({
          model,
          input: [...texts],
          ...(dimensions === undefined ? {} : { dimensions }),
        });
        return embeddings;
      },
    },
  };
}

const aborted = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

function eachOf(
  embed: (text: string, request: EmbedRequest) => Promise<ArrayLike<number>>,
): TestedClient["embed"] {
  return async (texts, request = {}) => {
    const vectors: ArrayLike<number>[] = [];
    // A few are enough to see that one by one gives what many together do.
    for (const text of texts.slice(0, 10)) vectors.push(await embed(text, request));
    return vectors;
  };
}
