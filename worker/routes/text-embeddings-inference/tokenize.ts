/** `POST /tokenize` and `POST /decode`: texts to tokens and back, as Text Embeddings Inference's. */
import { checkVocabulary, listInputs } from "../../../shared/api/embedding-input.ts";
import { parseRequest } from "../../../shared/api/parse-request.ts";
import {
  decodeRequestSchema,
  decodeResponseSchema,
  type TokenizeResponse,
  tokenizeRequestSchema,
  tokenizeResponseSchema,
} from "../../../shared/api/text-embeddings-inference/tokenize.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { maxDescribedTokens } from "../../../shared/limits.ts";
import type { StaticModel } from "../../../shared/static-model.ts";
import { inputErrors } from "../../api-description/input-errors.ts";
import { useModel } from "../../embedding/encode-inputs.ts";
import type { App } from "../../environment.ts";
import { readJsonBody } from "../../json-body.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { inferenceRoute } from "./route.ts";

export function registerTokenize(app: App, registry: ModelRegistry): void {
  inferenceRoute(app, "POST", "/tokenize", {
    summary: "Split texts into tokens",
    description:
      "Unknown tokens included. Where in the text a token was is not known: start and stop are null.",
    request: tokenizeRequestSchema,
    response: tokenizeResponseSchema,
    errors: inputErrors,
    example: { inputs: "a horse in the rain" },
    handler: async (c) => {
      const request = parseRequest(tokenizeRequestSchema, await readJsonBody(c.req.raw));
      const { model } = await useModel(c, registry, request.model);
      let tokens = 0;
      const body: TokenizeResponse = listInputs(request.inputs).map((text) => {
        const ids = model.tokenize(text, { keepUnknown: true });
        tokens += ids.length;
        if (tokens > maxDescribedTokens) throw tooManyTokens();
        return describe(model, [...ids]);
      });
      c.get("work").tokens += tokens;
      return c.json(body);
    },
  });
  inferenceRoute(app, "POST", "/decode", {
    summary: "Put tokens together",
    request: decodeRequestSchema,
    response: decodeResponseSchema,
    errors: inputErrors,
    example: { ids: [[1, 2, 3]] },
    handler: async (c) => {
      const request = parseRequest(decodeRequestSchema, await readJsonBody(c.req.raw));
      const { model } = await useModel(c, registry, request.model);
      checkVocabulary(request.ids, model.metadata.vocabularySize, "ids");
      const skipSpecial = request.skip_special_tokens ?? true;
      return c.json(listInputs(request.ids).map((ids) => model.decode(ids, { skipSpecial })));
    },
  });
}

function describe(model: StaticModel, ids: readonly number[]): TokenizeResponse[number] {
  const texts = model.tokenTexts(ids);
  return ids.map((id, i) => ({ id, text: texts[i]!, special: false, start: null, stop: null }));
}

function tooManyTokens(): NearvecError {
  return new NearvecError(
    "too_many_inputs",
    `Expected inputs to have at most ${maxDescribedTokens} tokens in all, got more. Send fewer texts at a time.`,
    { param: "inputs" },
  );
}
