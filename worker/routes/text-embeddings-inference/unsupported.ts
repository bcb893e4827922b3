/** What Text Embeddings Inference does with models that are no table of words. */
import { NearvecError } from "../../../shared/errors.ts";
import type { App } from "../../environment.ts";
import { route } from "../../route.ts";

const reasons: Readonly<Record<string, string>> = {
  "/embed_sparse":
    "a sparse embedding weighs the words of a vocabulary as SPLADE models learn to; a static model has dense vectors only. " +
    "Use /embed, and keyword search of a collection for exact words.",
  "/predict":
    "predicting needs a trained classifier; a static model has vectors only. " +
    "Use /embed and train a classifier on the vectors, or /rerank for pairs of texts.",
};

/** Answers these routes with 400 and the reason, whatever is sent to them. */
export function registerUnsupported(app: App): void {
  for (const [path, reason] of Object.entries(reasons)) {
    const refuse = () => {
      throw new NearvecError("not_supported", `Expected a path other than ${path}: ${reason}`);
    };
    route(app, path, { POST: refuse }, { dialect: "text-embeddings-inference" });
  }
}
