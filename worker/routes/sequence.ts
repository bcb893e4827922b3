/** `POST /v1/encode_as_sequence`: a vector for every token, as model2vec's method of that name. */
import { parseRequest } from "../../shared/api/parse-request.ts";
import { sequenceRequestSchema, sequenceResponseSchema } from "../../shared/api/sequence.ts";
import { jsonAnswer } from "../answer-kind.ts";
import { inputErrors } from "../api-description/input-errors.ts";
import type { Operation } from "../api-description/operations.ts";
import { AnswerText } from "../embedding/answer-text.ts";
import { useModel } from "../embedding/encode-inputs.ts";
import { encodeSequences } from "../embedding/encode-sequences.ts";
import { printRows } from "../embedding/print-vector.ts";
import type { App } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

const operation: Operation = {
  tag: "nearvec",
  summary: "Embed every token",
  description: "The rows that a text's vector is the mean of, neither averaged nor normalized.",
  request: sequenceRequestSchema,
  response: sequenceResponseSchema,
  errors: inputErrors,
  example: { input: "a horse in the rain", dimensions: null },
};

export function registerSequence(app: App, registry: ModelRegistry): void {
  route(
    app,
    "/v1/encode_as_sequence",
    {
      POST: async (c) => {
        const request = parseRequest(sequenceRequestSchema, await readJsonBody(c.req.raw));
        const { model, name } = await useModel(c, registry, request.model);
        const { dimensions, max_length: maxLength = null } = request;
        const sequences = encodeSequences(c, model, {
          inputs: request.input,
          name: "input",
          dimensions,
          maxLength,
        });
        const print = request.encoding_format === "base64" ? printBase64 : printRows;
        const width = dimensions ?? model.dimensions;
        const answer = new AnswerText().add('{"object":"list","data":');
        answer.addList(sequences, ({ ids, vectors }, index) => {
          answer.add(
            `{"object":"sequence","index":${index},"token_ids":[${ids.join(",")}],` +
              `"shape":[${ids.length},${width}],"embedding":`,
          );
          print(vectors, answer);
          answer.add("}");
        });
        const tokens = c.get("work").tokens;
        answer.add(
          `,"model":${JSON.stringify(name)},"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}}`,
        );
        return jsonAnswer.answer(c, answer.finish());
      },
    },
    { operations: { POST: operation } },
  );
}

/** The vectors of a text lie one after the other in one buffer. */
function printBase64(vectors: readonly Float32Array[], answer: AnswerText): void {
  const [first] = vectors;
  answer.add('"');
  if (first !== undefined) {
    answer.addBase64(new Uint8Array(first.buffer, first.byteOffset, first.byteLength * vectors.length));
  }
  answer.add('"');
}
