/** `GET /v1/models` and `GET /v1/models/{id}`: what can be sent as `model`, as OpenAI's. */
import type { ModelDescription, ModelList } from "../../shared/api/model-list.ts";
import { isModelName } from "../../shared/model-store/model-location.ts";
import type { App } from "../environment.ts";
import { listModels, readPointer } from "../model-bucket.ts";
import { modelNotFound } from "../model-registry.ts";
import { route } from "../route.ts";

export function registerModels(app: App): void {
  route(app, "/v1/models", {
    GET: async (c) => {
      const models = await listModels(c.env.MODELS);
      const body: ModelList = {
        object: "list",
        data: models.map(({ name, uploaded }) => describe(name, uploaded)),
      };
      return c.json(body);
    },
  });
  route(app, "/v1/models/:id", {
    GET: async (c) => {
      const name = c.req.param("id") ?? "";
      const pointer = isModelName(name) ? await readPointer(c.env.MODELS, name) : null;
      if (pointer === null) throw modelNotFound(name);
      return c.json(describe(name, pointer.uploaded));
    },
  });
}

function describe(name: string, uploaded: Date): ModelDescription {
  return { id: name, object: "model", created: Math.floor(uploaded.getTime() / 1000), owned_by: "nearvec" };
}
