/** `POST /v1/embeddings`: texts or token ids in, vectors out, as OpenAI's. */
import { listInputs } from "../../shared/api/embedding-input.ts";
import { embeddingsRequestSchema, embeddingsResponseSchema } from "../../shared/api/embeddings.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import { jsonAnswer } from "../answer-kind.ts";
import { inputErrors } from "../api-description/input-errors.ts";
import type { Operation } from "../api-description/operations.ts";
import { AnswerText } from "../embedding/answer-text.ts";
import { encodeInputs, useModel } from "../embedding/encode-inputs.ts";
import { printedBytes, vectorPrinter } from "../embedding/print-vector.ts";
import type { App } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

const operation: Operation = {
  tag: "OpenAI",
  summary: "Embed texts",
  description: "As OpenAI's, with `output_dtype` for vectors in fewer bits. `user` is ignored.",
  request: embeddingsRequestSchema,
  response: embeddingsResponseSchema,
  errors: inputErrors,
  example: { input: ["a horse in the rain", "un cheval sous la pluie"] },
};

const firstItem = '{"object":"embedding","index":';
const nextItem = `,${firstItem}`;

export function registerEmbeddings(app: App, registry: ModelRegistry): void {
  route(
    app,
    "/v1/embeddings",
    {
      POST: async (c) => {
        const request = parseRequest(embeddingsRequestSchema, await readJsonBody(c.req.raw));
        const { model, name } = await useModel(c, registry, request.model);
        const encoding = request.encoding_format ?? "float";
        const print = vectorPrinter(encoding, request.output_dtype ?? "float");
        const answer = new AnswerText(
          printedBytes(listInputs(request.input).length, model.dimensions, encoding),
        ).add('{"object":"list","data":[');
        const tokens = encodeInputs(
          c,
          model,
          { inputs: request.input, dimensions: request.dimensions },
          (vector, index) => {
            // Piece by piece: a text put together for each would have to be taken apart again.
            answer
              .add(index === 0 ? firstItem : nextItem)
              .add(String(index))
              .add(',"embedding":');
            print(vector, answer);
            answer.add("}");
          },
        );
        answer.add(
          `],"model":${JSON.stringify(name)},"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`,
        );
        return jsonAnswer.answer(c, answer.finish());
      },
    },
    { operations: { POST: operation } },
  );
}
