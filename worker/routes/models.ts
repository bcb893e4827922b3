/** `GET /v1/models` and `GET /v1/models/{id}`: what can be sent as `model`, as OpenAI's. */
import {
  type ModelDescription,
  type ModelList,
  modelListSchema,
  modelSchema,
} from "../../shared/api/model-list.ts";
import { isModelName } from "../../shared/model-store/model-location.ts";
import type { App } from "../environment.ts";
import { listModels, readPointer } from "../model-bucket.ts";
import { type ModelRegistry, modelNotFound } from "../model-registry.ts";
import { route } from "../route.ts";

export function registerModels(app: App, { bundled }: Pick<ModelRegistry, "bundled">): void {
  route(
    app,
    "/v1/models",
    {
      GET: async (c) => {
        const stored = c.env.MODELS === undefined ? [] : await listModels(c.env.MODELS);
        // A model of the bundled one's name in the bucket cannot be asked for.
        const others = stored.filter(({ name }) => name !== bundled.name);
        const body: ModelList = {
          object: "list",
          data: [
            describeBundled(bundled.name),
            ...others.map(({ name, uploaded }) => describe(name, uploaded)),
          ],
        };
        return c.json(body);
      },
    },
    { operations: { GET: { tag: "OpenAI", summary: "List models", response: modelListSchema } } },
  );
  route(
    app,
    "/v1/models/:id",
    {
      GET: async (c) => {
        const name = c.req.param("id") ?? "";
        if (name === bundled.name) return c.json(describeBundled(name));
        const bucket = c.env.MODELS;
        const pointer = isModelName(name) && bucket !== undefined ? await readPointer(bucket, name) : null;
        if (pointer === null) throw modelNotFound(name);
        return c.json(describe(name, pointer.uploaded));
      },
    },
    {
      operations: {
        GET: {
          tag: "OpenAI",
          summary: "Describe a model",
          exampleNames: { id: "nano" },
          response: modelSchema,
          errors: ["model_not_found"],
        },
      },
    },
  );
}

function describe(name: string, uploaded: Date): ModelDescription {
  const created = Math.floor(uploaded.getTime() / 1000);
  return { id: name, object: "model", created, owned_by: "nearvec", bundled: false };
}

function describeBundled(name: string): ModelDescription {
  return { id: name, object: "model", created: 0, owned_by: "nearvec", bundled: true };
}
