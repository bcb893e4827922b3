/** What Text Embeddings Inference does with models that are no table of words. */
import type { App } from "../../environment.ts";
import { refuseRoutes } from "../dialect-route.ts";

const reasons: Readonly<Record<string, string>> = {
  "/embed_sparse":
    "a sparse embedding weighs the words of a vocabulary as SPLADE models learn to; a static model has dense vectors only. " +
    "Use /embed, and keyword search of a collection for exact words.",
  "/predict":
    "predicting needs a trained classifier; a static model has vectors only. " +
    "Use /embed and train a classifier on the vectors, or /rerank for pairs of texts.",
};

export function registerUnsupported(app: App): void {
  refuseRoutes(app, "text-embeddings-inference", reasons);
}
