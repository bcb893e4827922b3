/** All routes of Text Embeddings Inference. */
import type { App } from "../../environment.ts";
import type { IsolateMetrics } from "../../isolate-metrics.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { registerEmbed } from "./embed.ts";
import { registerEmbedAll } from "./embed-all.ts";
import { registerInfo } from "./info.ts";
import { registerMetrics } from "./metrics.ts";
import { registerRanks } from "./rerank.ts";
import { registerSentences } from "./similarity.ts";
import { registerTokenize } from "./tokenize.ts";
import { registerUnsupported } from "./unsupported.ts";

export function registerTextEmbeddingsInference(
  app: App,
  registry: ModelRegistry,
  metrics: IsolateMetrics,
): void {
  registerEmbed(app, registry);
  registerEmbedAll(app, registry);
  registerSentences(app, registry);
  registerRanks(app, registry);
  registerTokenize(app, registry);
  registerInfo(app, registry);
  registerMetrics(app, registry, metrics);
  registerUnsupported(app);
}
