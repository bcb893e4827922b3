/** `POST /api/embed`, and `POST /api/embeddings` that it replaced, as Ollama's. */
import {
  ollamaEmbeddingsRequestSchema,
  ollamaEmbeddingsResponseSchema,
  ollamaEmbedRequestSchema,
  ollamaEmbedResponseSchema,
} from "../../../shared/api/ollama/embed.ts";
import { parseRequest } from "../../../shared/api/parse-request.ts";
import { jsonAnswer } from "../../answer-kind.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { AnswerText } from "../../embedding/answer-text.ts";
import { encodeInputs, useModel } from "../../embedding/encode-inputs.ts";
import { listPrinter, printNumbers } from "../../embedding/print-vector.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { ollamaRoute } from "./route.ts";

export function registerOllamaEmbed(app: App, registry: ModelRegistry): void {
  ollamaRoute(app, "POST", "/api/embed", {
    summary: "Embed texts",
    description:
      "`options` and `keep_alive` are ignored. Any content type is taken for JSON, as Ollama does.",
    request: ollamaEmbedRequestSchema,
    response: ollamaEmbedResponseSchema,
    errors: inputErrors,
    example: { input: ["a horse in the rain"] },
    handler: async (c) => {
      const body = await readJsonBody(c.req.raw, { anyType: true });
      const { model: wanted, input, truncate, dimensions } = parseRequest(ollamaEmbedRequestSchema, body);
      const { model, name } = await useModel(c, registry, wanted);
      const truncation = truncate === false ? "refuse" : "end";
      const answer = new AnswerText().add(`{"model":${JSON.stringify(name)},"embeddings":[`);
      const print = listPrinter(printNumbers, answer);
      const tokens =
        input === undefined
          ? 0
          : encodeInputs(c, model, { inputs: input, dimensions, normalize: true, truncation }, print);
      const work = c.get("work");
      answer.add(
        `],"total_duration":${nanoseconds(work.totalMilliseconds)},` +
          `"load_duration":${nanoseconds(work.loadMilliseconds)},"prompt_eval_count":${tokens}}`,
      );
      return jsonAnswer.answer(c, answer.finish());
    },
  });
  ollamaRoute(app, "POST", "/api/embeddings", {
    summary: "Embed one text, as older clients ask",
    description: "The vector has length 1, as that of /api/embed.",
    request: ollamaEmbeddingsRequestSchema,
    response: ollamaEmbeddingsResponseSchema,
    errors: inputErrors,
    example: { prompt: "a horse in the rain" },
    handler: async (c) => {
      const body = await readJsonBody(c.req.raw, { anyType: true });
      const { model: wanted, prompt } = parseRequest(ollamaEmbeddingsRequestSchema, body);
      const { model } = await useModel(c, registry, wanted);
      const request = { inputs: prompt ?? "", name: "prompt", normalize: true };
      const answer = new AnswerText().add('{"embedding":');
      if (prompt) encodeInputs(c, model, request, (vector) => printNumbers(vector, answer));
      else answer.add("[]");
      return jsonAnswer.answer(c, answer.add("}").finish());
    },
  });
}

function nanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1e6);
}
