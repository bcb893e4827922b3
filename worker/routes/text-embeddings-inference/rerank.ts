/** `POST /rerank`: texts in the order of how like a query they are, as Text Embeddings Inference's. */
import { parseRequest } from "../../../shared/api/parse-request.ts";
import { truncationOf } from "../../../shared/api/text-embeddings-inference/fields.ts";
import {
  type RankResponse,
  rankRequestSchema,
  rankResponseSchema,
} from "../../../shared/api/text-embeddings-inference/rerank.ts";
import { rankTexts, relevance } from "../../../shared/embedding/rank-texts.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import { scoreTexts } from "../../embedding/score-texts.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { inferenceRoute } from "./route.ts";

export function registerRanks(app: App, registry: ModelRegistry): void {
  inferenceRoute(app, "POST", "/rerank", {
    summary: "Sort texts by likeness to a query",
    description: "Scores are cosines of vectors, not judgements of a cross-encoder.",
    request: rankRequestSchema,
    response: rankResponseSchema,
    errors: inputErrors,
    example: { query: "horses", texts: ["the stock market fell", "a wet pony"], return_text: true },
    handler: async (c) => {
      const request = parseRequest(rankRequestSchema, await readJsonBody(c.req.raw));
      const { query, texts } = request;
      const { model } = await useModel(c, registry, request.model);
      const truncation = truncationOf(request);
      const { scores } = scoreTexts(c, model, { query, texts, names: ["query", "texts"], truncation });
      const body: RankResponse = rankTexts(scores).map(({ index, score }) => ({
        index,
        ...(request.return_text ? { text: texts[index]! } : {}),
        score: request.raw_scores ? score : relevance(score),
      }));
      return c.json(body);
    },
  });
}
