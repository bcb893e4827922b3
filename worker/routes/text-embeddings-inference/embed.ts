/** `POST /embed`: a vector per input, as Text Embeddings Inference's. */
import { parseRequest } from "../../../shared/api/parse-request.ts";
import {
  embedRequestSchema,
  embedResponseSchema,
} from "../../../shared/api/text-embeddings-inference/embed.ts";
import { truncationOf } from "../../../shared/api/text-embeddings-inference/fields.ts";
import { jsonAnswer } from "../../answer-kind.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { AnswerText } from "../../embedding/answer-text.ts";
import { encodeInputs, useModel } from "../../embedding/encode-inputs.ts";
import { listPrinter, printNumbers } from "../../embedding/print-vector.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { inferenceRoute } from "./route.ts";

export function registerEmbed(app: App, registry: ModelRegistry): void {
  inferenceRoute(app, "POST", "/embed", {
    summary: "Embed texts",
    request: embedRequestSchema,
    response: embedResponseSchema,
    errors: inputErrors,
    example: { inputs: ["a horse in the rain"] },
    handler: async (c) => {
      const request = parseRequest(embedRequestSchema, await readJsonBody(c.req.raw));
      const { model } = await useModel(c, registry, request.model);
      const answer = new AnswerText().add("[");
      encodeInputs(
        c,
        model,
        {
          inputs: request.inputs,
          name: "inputs",
          dimensions: request.dimensions,
          normalize: request.normalize ?? true,
          truncation: truncationOf(request),
        },
        listPrinter(printNumbers, answer),
      );
      return jsonAnswer.answer(c, answer.add("]").finish());
    },
  });
}
