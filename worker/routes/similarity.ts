/** `POST /v1/similarity`: the cosines of texts with each other, or with others. */
import { listInputs } from "../../shared/api/embedding-input.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import {
  type SimilarityResponse,
  similarityRequestSchema,
  similarityResponseSchema,
} from "../../shared/api/similarity.ts";
import { cosineOfUnitVectors } from "../../shared/embedding/cosine.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxSimilarityPairs } from "../../shared/limits.ts";
import { inputErrors } from "../api-description/input-errors.ts";
import type { Operation } from "../api-description/operations.ts";
import { encodeVectors, useModel } from "../embedding/encode-inputs.ts";
import type { App } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

const operation: Operation = {
  tag: "nearvec",
  summary: "Compare texts",
  request: similarityRequestSchema,
  response: similarityResponseSchema,
  errors: inputErrors,
  example: { input: ["a horse in the rain", "the stock market fell"], others: "a wet pony" },
};

export function registerSimilarity(app: App, registry: ModelRegistry): void {
  route(
    app,
    "/v1/similarity",
    {
      POST: async (c) => {
        const request = parseRequest(similarityRequestSchema, await readJsonBody(c.req.raw));
        const { input, others, dimensions } = request;
        checkPairs(listInputs(input).length, listInputs(others ?? input).length);
        const { model, name } = await useModel(c, registry, request.model);
        const rows = encodeVectors(c, model, { inputs: input, dimensions, normalize: true });
        const columns =
          others === undefined
            ? { vectors: rows.vectors, tokens: 0 }
            : encodeVectors(c, model, { inputs: others, name: "others", dimensions, normalize: true });
        const tokens = rows.tokens + columns.tokens;
        const body: SimilarityResponse = {
          object: "similarity",
          similarities: rows.vectors.map((row) =>
            columns.vectors.map((column) => cosineOfUnitVectors(row, column)),
          ),
          model: name,
          usage: { prompt_tokens: tokens, total_tokens: tokens },
        };
        return c.json(body);
      },
    },
    { operations: { POST: operation } },
  );
}

function checkPairs(rows: number, columns: number): void {
  if (rows * columns <= maxSimilarityPairs) return;
  throw new NearvecError(
    "too_many_inputs",
    `Expected at most ${maxSimilarityPairs} pairs of texts, got ${rows} x ${columns}. ` +
      "Send fewer at a time, or embed the texts and compare the vectors yourself.",
    { param: "input" },
  );
}
