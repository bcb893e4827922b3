/** `POST /v1/embeddings`: texts or token ids in, vectors out, as OpenAI's. */
import { checkVocabulary } from "../../shared/api/embedding-input.ts";
import { embeddingsRequestSchema } from "../../shared/api/embeddings.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import { printEmbeddings } from "../embeddings-answer.ts";
import { type App, modelHost } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

export function registerEmbeddings(app: App, registry: ModelRegistry): void {
  route(app, "/v1/embeddings", {
    POST: async (c) => {
      const request = parseRequest(embeddingsRequestSchema, await readJsonBody(c.req.raw));
      const resident = await registry.get(request.model ?? null, modelHost(c));
      checkVocabulary(request.input, resident.model.metadata.vocabularySize);
      return c.body(printEmbeddings(resident, request), 200, { "content-type": "application/json" });
    },
  });
}
