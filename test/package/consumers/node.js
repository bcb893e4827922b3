/** A program that imports all that Node can, encodes a text in every way there is, and prints the vectors. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { NearvecError, StaticModel } from "nearvec";
import { embeddingModel } from "nearvec/ai";
import { NearvecClient } from "nearvec/client";
import { NearvecEmbeddings } from "nearvec/langchain";
import { NearvecEmbedding } from "nearvec/llamaindex";
import { pipeline } from "nearvec/pipeline";

const [, , name, text] = process.argv;
const path = fileURLToPath(import.meta.resolve(`nearvec/models/${name}.safetensors`));
const model = await StaticModel.load(await readFile(path));
const extract = await pipeline("feature-extraction", model);
const { StaticModel: required } = createRequire(import.meta.url)("nearvec");
const refused = await new NearvecClient({ baseUrl: "http://127.0.0.1:1", retries: 0 })
  .embed(text)
  .catch((error) => error);

const vectors = {
  nearvec: [...model.encode(text)],
  "nearvec/ai": (await embeddingModel(model).doEmbed({ values: [text] })).embeddings[0],
  "nearvec/langchain": await new NearvecEmbeddings({ source: model }).embedQuery(text),
  "nearvec/llamaindex": await new NearvecEmbedding({ source: model }).getTextEmbedding(text),
  "nearvec/pipeline": [...(await extract(text, { pooling: "mean", normalize: true })).data],
};
console.log(
  JSON.stringify({
    vectors,
    isSameClass: required === StaticModel,
    clientFails: NearvecError.isInstance(refused) && refused.code,
  }),
);
