/** Every client that a test table runs through, as one function. */
import { OpenAIEmbeddings } from "@langchain/openai";
import * as ai7 from "ai";
import * as ai6 from "ai-6";
import OpenAI from "openai";
import { embeddingModel } from "../../client/ai/index.ts";
import type { EmbeddingSource } from "../../client/embedding-source.ts";
import { NearvecClient } from "../../client/http/index.ts";
import { NearvecEmbeddings } from "../../client/langchain/index.ts";
import { NearvecEmbedding } from "../../client/llamaindex/index.ts";
import { pipeline } from "../../client/pipeline/index.ts";

/** Texts to vectors, whatever it takes. */
export type Embed = (texts: readonly string[], dimensions?: number) => Promise<ArrayLike<number>[]>;

/** Our adapters, which take a worker and a model in process alike. */
export const adapters: Readonly<Record<string, (source: EmbeddingSource) => Embed>> = {
  "LangChain.js, embedDocuments": (source) => (texts, dimensions) =>
    new NearvecEmbeddings({ source, dimensions }).embedDocuments([...texts]),
  "LangChain.js, embedQuery": (source) => (texts, dimensions) =>
    eachOf(texts, (text) => new NearvecEmbeddings({ source, dimensions }).embedQuery(text)),
  "AI SDK 6, embedMany": (source) => async (texts, dimensions) =>
    (await ai6.embedMany({ model: embeddingModel(source, { dimensions }), values: [...texts] })).embeddings,
  "AI SDK 7, embedMany": (source) => async (texts, dimensions) =>
    (await ai7.embedMany({ model: embeddingModel(source, { dimensions }), values: [...texts] })).embeddings,
  "AI SDK 7, embed": (source) => (texts, dimensions) =>
    eachOf(texts, async (value) => {
      const model = embeddingModel(source, { dimensions });
      return (await ai7.embed({ model, value })).embedding;
    }),
  "LlamaIndex.TS, in a batch": (source) => (texts, dimensions) =>
    new NearvecEmbedding({ source, dimensions }).getTextEmbeddingsBatch([...texts]),
  "LlamaIndex.TS, one by one": (source) => (texts, dimensions) =>
    eachOf(texts, (text) => new NearvecEmbedding({ source, dimensions }).getTextEmbedding(text)),
  "Transformers.js-shaped pipeline": (source) => async (texts, dimensions) => {
    const extractor = await pipeline("feature-extraction", source, { dimensions });
    return (await extractor(texts, { pooling: "mean", normalize: true })).tolist() as number[][];
  },
};

/** Clients that know a worker only. */
export function httpClients(url: string): Readonly<Record<string, Embed>> {
  const nearvec = new NearvecClient({ baseUrl: url });
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" });
  return {
    "NearvecClient, many": (texts, dimensions) => nearvec.embed(texts, { dimensions }),
    "NearvecClient, one by one": (texts, dimensions) =>
      eachOf(texts, (text) => nearvec.embed(text, { dimensions })),
    openai: async (texts, dimensions) => {
      const { data } = await openai.embeddings.create({
        model: "tiny",
        // It does not split: that is its caller's.
        input: texts.slice(0, 2048),
        ...(dimensions === undefined ? {} : { dimensions }),
      });
      return data.map(({ embedding }) => embedding);
    },
    "@langchain/openai": (texts, dimensions) =>
      new OpenAIEmbeddings({
        model: "tiny",
        apiKey: "none",
        configuration: { baseURL: `${url}/v1` },
        ...(dimensions === undefined ? {} : { dimensions }),
      }).embedDocuments([...texts]),
  };
}

async function eachOf<Result>(
  texts: readonly string[],
  embed: (text: string) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  // A few are enough to see that one by one gives what many together do.
  for (const text of texts.slice(0, 10)) results.push(await embed(text));
  return results;
}
