/** Cohere's API, as far as it is about embeddings. */
import type { App } from "../../environment.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { registerCohereEmbed } from "./embed.ts";
import { registerCohereRerank } from "./rerank.ts";

export function registerCohere(app: App, registry: ModelRegistry): void {
  registerCohereEmbed(app, registry);
  registerCohereRerank(app, registry);
}
