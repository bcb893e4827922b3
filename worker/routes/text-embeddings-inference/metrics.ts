/** `GET /metrics`: what this isolate has done, as Prometheus reads it. */
import type { App } from "../../environment.ts";
import type { IsolateMetrics } from "../../isolate-metrics.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { inferenceRoute } from "./route.ts";

export function registerMetrics(app: App, registry: ModelRegistry, metrics: IsolateMetrics): void {
  inferenceRoute(app, "GET", "/metrics", {
    summary: "Count requests, texts and tokens",
    description:
      "Of the isolate that answers: Cloudflare runs as many as it needs, and ends them when it likes.",
    response: { type: "text/plain" },
    handler: (c) => {
      const { memory } = registry;
      const text = metrics.print({
        nearvec_memory_bytes: ["Memory of resident models", memory.usedBytes],
        nearvec_memory_budget_bytes: ["Memory that they may take", memory.budgetBytes],
        nearvec_resident_models: ["Models held in memory", memory.list().length],
      });
      return c.body(text, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    },
  });
}
