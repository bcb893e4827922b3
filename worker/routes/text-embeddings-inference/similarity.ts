/** `POST /similarity`: one sentence against several, as Text Embeddings Inference's. */
import { parseRequest } from "../../../shared/api/parse-request.ts";
import { truncationOf } from "../../../shared/api/text-embeddings-inference/fields.ts";
import {
  sentencesRequestSchema,
  sentencesResponseSchema,
} from "../../../shared/api/text-embeddings-inference/similarity.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import { scoreTexts } from "../../embedding/score-texts.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { inferenceRoute } from "./route.ts";

export function registerSentences(app: App, registry: ModelRegistry): void {
  inferenceRoute(app, "POST", "/similarity", {
    summary: "Compare one sentence with several",
    request: sentencesRequestSchema,
    response: sentencesResponseSchema,
    errors: inputErrors,
    example: { inputs: { source_sentence: "a horse in the rain", sentences: ["a wet pony", "a stock"] } },
    handler: async (c) => {
      const request = parseRequest(sentencesRequestSchema, await readJsonBody(c.req.raw));
      const { source_sentence: query, sentences: texts } = request.inputs;
      const { model } = await useModel(c, registry, request.model);
      const { scores } = scoreTexts(c, model, {
        query,
        texts,
        names: ["inputs.source_sentence", "inputs.sentences"],
        truncation: truncationOf(request.parameters ?? {}),
      });
      return c.json(scores);
    },
  });
}
