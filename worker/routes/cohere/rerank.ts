/** `POST /v2/rerank`: documents in the order of how like a query they are, as Cohere's. */
import {
  type CohereRerankResponse,
  cohereRerankRequestSchema,
  cohereRerankResponseSchema,
} from "../../../shared/api/cohere/rerank.ts";
import { parseRequest } from "../../../shared/api/parse-request.ts";
import { rankTexts, relevance } from "../../../shared/embedding/rank-texts.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import { scoreTexts } from "../../embedding/score-texts.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { cohereRoute } from "./route.ts";

export function registerCohereRerank(app: App, registry: ModelRegistry): void {
  cohereRoute(app, "POST", "/v2/rerank", {
    summary: "Sort documents by likeness to a query",
    description: "Scores are cosines of vectors, negative ones counting as 0.",
    request: cohereRerankRequestSchema,
    response: cohereRerankResponseSchema,
    errors: inputErrors,
    example: { query: "horses", documents: ["the stock market fell", "a wet pony"], top_n: 1 },
    handler: async (c) => {
      const request = parseRequest(cohereRerankRequestSchema, await readJsonBody(c.req.raw));
      const { model } = await useModel(c, registry, request.model);
      const { scores } = scoreTexts(c, model, {
        query: request.query,
        texts: request.documents,
        names: ["query", "documents"],
        maxLength: request.max_tokens_per_doc,
      });
      const body: CohereRerankResponse = {
        id: c.get("work").requestId,
        results: rankTexts(scores, request.top_n ?? undefined).map(({ index, score }) => ({
          index,
          relevance_score: relevance(score),
        })),
        meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } },
      };
      return c.json(body);
    },
  });
}
