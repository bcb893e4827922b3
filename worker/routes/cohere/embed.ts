/** `POST /v2/embed`: texts in, vectors of several types out, as Cohere's. */
import {
  type CohereEmbedRequest,
  type CohereType,
  cohereEmbedRequestSchema,
  cohereEmbedResponseSchema,
} from "../../../shared/api/cohere/embed.ts";
import { parseRequest } from "../../../shared/api/parse-request.ts";
import type { Truncation } from "../../../shared/embedding/encode-input.ts";
import { jsonAnswer } from "../../answer-kind.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { AnswerText } from "../../embedding/answer-text.ts";
import { encodeInputs, useModel } from "../../embedding/encode-inputs.ts";
import { listPrinter, type PrintVector, vectorPrinter } from "../../embedding/print-vector.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { cohereRoute } from "./route.ts";

const truncations: Readonly<Record<NonNullable<CohereEmbedRequest["truncate"]>, Truncation>> = {
  NONE: "refuse",
  START: "start",
  END: "end",
};

export function registerCohereEmbed(app: App, registry: ModelRegistry): void {
  cohereRoute(app, "POST", "/v2/embed", {
    summary: "Embed texts",
    description: "`output_dimension` may be any that the model has; `input_type` makes no difference.",
    request: cohereEmbedRequestSchema,
    response: cohereEmbedResponseSchema,
    errors: inputErrors,
    example: { texts: ["a horse in the rain"], embedding_types: ["int8", "ubinary"] },
    handler: async (c) => {
      const request = parseRequest(cohereEmbedRequestSchema, await readJsonBody(c.req.raw));
      const { model } = await useModel(c, registry, request.model);
      const types = [...new Set<CohereType>(request.embedding_types ?? ["float"])];
      // The answer has all vectors of a type together; they are made one text after the other.
      const lists = types.map((type) => {
        const list = new AnswerText();
        return { type, list, print: listPrinter(printerOf(type), list) };
      });
      const tokens = encodeInputs(
        c,
        model,
        {
          inputs: request.texts ?? request.inputs ?? [],
          name: request.texts === undefined ? "inputs" : "texts",
          dimensions: request.output_dimension,
          maxLength: request.max_tokens,
          truncation: truncations[request.truncate ?? "END"],
        },
        (vector, index) => {
          for (const { print } of lists) print(vector, index);
        },
      );
      const answer = new AnswerText().add(`{"id":"${c.get("work").requestId}","embeddings":{`);
      lists.forEach(({ type, list }, i) => {
        answer
          .add(`${i === 0 ? "" : ","}"${type}":[`)
          .addAnswer(list)
          .add("]");
      });
      const texts = request.texts === undefined ? "" : `"texts":${JSON.stringify(request.texts)},`;
      answer.add(
        `},${texts}"meta":{"api_version":{"version":"2"},"billed_units":{"input_tokens":${tokens}}},` +
          '"response_type":"embeddings_by_type"}',
      );
      return jsonAnswer.answer(c, answer.finish());
    },
  });
}

function printerOf(type: CohereType): PrintVector {
  return type === "base64" ? vectorPrinter("base64") : vectorPrinter("float", type);
}
