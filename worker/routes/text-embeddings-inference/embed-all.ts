/** `POST /embed_all`: a vector per token, as Text Embeddings Inference's. */
import { parseRequest } from "../../../shared/api/parse-request.ts";
import {
  embedAllRequestSchema,
  embedAllResponseSchema,
} from "../../../shared/api/text-embeddings-inference/embed.ts";
import { truncationOf } from "../../../shared/api/text-embeddings-inference/fields.ts";
import { jsonAnswer } from "../../answer-kind.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { AnswerText } from "../../embedding/answer-text.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import { encodeSequences } from "../../embedding/encode-sequences.ts";
import { printRows } from "../../embedding/print-vector.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { inferenceRoute } from "./route.ts";

export function registerEmbedAll(app: App, registry: ModelRegistry): void {
  inferenceRoute(app, "POST", "/embed_all", {
    summary: "Embed every token",
    request: embedAllRequestSchema,
    response: embedAllResponseSchema,
    errors: inputErrors,
    example: { inputs: "a horse" },
    handler: async (c) => {
      const request = parseRequest(embedAllRequestSchema, await readJsonBody(c.req.raw));
      const { model } = await useModel(c, registry, request.model);
      const sequences = encodeSequences(c, model, {
        inputs: request.inputs,
        name: "inputs",
        truncation: truncationOf(request),
      });
      const answer = new AnswerText();
      answer.addList(sequences, ({ vectors }) => printRows(vectors, answer));
      return jsonAnswer.answer(c, answer.finish());
    },
  });
}
