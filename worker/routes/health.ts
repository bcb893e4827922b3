/** `GET /health`: 200 once the default model answers. It loads the model, so it also warms an isolate up. */
import type { Health } from "../../shared/api/health.ts";
import { type App, modelHost } from "../environment.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

export function registerHealth(app: App, registry: ModelRegistry): void {
  route(app, "/health", {
    GET: async (c) => {
      await registry.get(c.env.DEFAULT_MODEL, modelHost(c));
      const { memory } = registry;
      const body: Health = {
        status: "ok",
        default_model: c.env.DEFAULT_MODEL,
        models: memory.list().map(({ name, sha256, model }) => ({
          id: name,
          sha256,
          dimensions: model.dimensions,
          resident_bytes: model.byteLength,
        })),
        memory: { used_bytes: memory.usedBytes, budget_bytes: memory.budgetBytes },
      };
      return c.json(body);
    },
  });
}
