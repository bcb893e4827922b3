/** `GET /health`: 200 once the default model answers. It loads the model, so it also warms an isolate up. */
import { type Health, healthSchema } from "../../shared/api/health.ts";
import { type App, modelHost } from "../environment.ts";
import type { ResidentModel } from "../model-memory.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { route } from "../route.ts";

export function registerHealth(app: App, registry: ModelRegistry): void {
  route(
    app,
    "/health",
    {
      GET: async (c) => {
        const { name: defaultModel } = await registry.get(null, modelHost(c));
        const { memory } = registry;
        const body: Health = {
          status: "ok",
          default_model: defaultModel,
          models: await Promise.all(memory.list().map((resident) => describe(resident, registry))),
          memory: { used_bytes: memory.usedBytes, budget_bytes: memory.budgetBytes },
        };
        return c.json(body);
      },
    },
    {
      operations: {
        GET: { tag: "nearvec", summary: "Tell whether the default model answers", response: healthSchema },
      },
    },
  );
}

async function describe(resident: ResidentModel, registry: ModelRegistry): Promise<Health["models"][number]> {
  const { name, bundled, model } = resident;
  return {
    id: name,
    sha256: await registry.sha256Of(resident),
    bundled,
    dimensions: model.dimensions,
    resident_bytes: model.byteLength,
  };
}
