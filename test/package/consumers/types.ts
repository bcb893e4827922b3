/** A program that is only compiled: what it expects of the types of every entry. */
import { readFile } from "node:fs/promises";
import { type EncodeOptions, type ErrorCode, NearvecError, StaticModel } from "nearvec";
import { embeddingModel, type NearvecEmbeddingModel } from "nearvec/ai";
import { NearvecClient, type SearchOptions } from "nearvec/client";
import { NearvecEmbeddings, NearvecRetriever, NearvecVectorStore } from "nearvec/langchain";
import { NearvecEmbedding } from "nearvec/llamaindex";
import { type FeatureTensor, pipeline } from "nearvec/pipeline";

const options: EncodeOptions = { dimensions: 128 };
const model = await StaticModel.load(await readFile("model.safetensors"));
export const vector: Float32Array = model.encode("a horse", options);
export const vectors: Float32Array[] = model.encode(["a horse", "rain"]);
// @ts-expect-error A number is no text: what is any would take it.
model.encode(5);

const client = new NearvecClient({ baseUrl: "http://127.0.0.1:8787" });
const search: SearchOptions = { top_k: 3 };
const collection = client.collection("docs");
const { results } = await collection.search("wet horses", search);
export const id: string | undefined = results[0]?.id;
// @ts-expect-error It has no such option.
await collection.search("wet horses", { topK: 3 });

export const code: ErrorCode = new NearvecError("invalid_request", "Expected a name, got none.").code;
export const forAi: NearvecEmbeddingModel = embeddingModel(client);
export const embedding = await new NearvecEmbedding({ source: model }).getTextEmbedding("a horse");
embedding.length satisfies number;

const embeddings = new NearvecEmbeddings({ source: client });
const store = new NearvecVectorStore(embeddings, { collection });
export const found = await store.similaritySearch("wet horses", 1);
found[0]?.pageContent satisfies string | undefined;
export const retriever = new NearvecRetriever({ collection });

const extract = await pipeline("feature-extraction", model);
export const tensor: FeatureTensor = await extract("a horse", { pooling: "mean", normalize: true });
