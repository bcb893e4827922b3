/** `POST /v1/rerank`: documents in the order of how like a query they are. */
import { parseRequest } from "../../shared/api/parse-request.ts";
import { type RerankResponse, rerankRequestSchema, rerankResponseSchema } from "../../shared/api/rerank.ts";
import { rankTexts } from "../../shared/embedding/rank-texts.ts";
import { inputErrors } from "../api-description/input-errors.ts";
import type { Operation } from "../api-description/operations.ts";
import { useModel } from "../embedding/encode-inputs.ts";
import { scoreTexts } from "../embedding/score-texts.ts";
import type { App } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

const operation: Operation = {
  tag: "nearvec",
  summary: "Sort documents by likeness to a query",
  description: "In the form of Jina's, vLLM's and Cohere's first version. Scores are cosines, from -1 to 1.",
  request: rerankRequestSchema,
  response: rerankResponseSchema,
  errors: inputErrors,
  example: { query: "horses", documents: ["the stock market fell", "a wet pony"], return_documents: true },
};

export function registerRerank(app: App, registry: ModelRegistry): void {
  route(
    app,
    "/v1/rerank",
    {
      POST: async (c) => {
        const request = parseRequest(rerankRequestSchema, await readJsonBody(c.req.raw));
        const { query, documents: texts } = request;
        const { model, name } = await useModel(c, registry, request.model);
        const { scores, tokens } = scoreTexts(c, model, { query, texts, names: ["query", "documents"] });
        const body: RerankResponse = {
          object: "list",
          results: rankTexts(scores, request.top_n ?? undefined).map(({ index, score }) => ({
            index,
            relevance_score: score,
            ...(request.return_documents ? { document: { text: texts[index]! } } : {}),
          })),
          model: name,
          usage: { prompt_tokens: tokens, total_tokens: tokens },
        };
        return c.json(body);
      },
    },
    { operations: { POST: operation } },
  );
}
