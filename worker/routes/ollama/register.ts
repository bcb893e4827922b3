/** Ollama's API, as far as it is about embeddings; the rest of it says why it is not there. */
import type { App } from "../../environment.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { refuseRoutes } from "../dialect-route.ts";
import { registerOllamaEmbed } from "./embed.ts";
import { registerOllamaModels } from "./models.ts";

const generating = "a static model embeds texts and generates none.";
const managing = "models are made with `nearvec distill` and uploaded with `nearvec upload`.";

const reasons: Readonly<Record<string, string>> = {
  "/api/generate": generating,
  "/api/chat": generating,
  "/api/pull": managing,
  "/api/push": managing,
  "/api/create": managing,
  "/api/copy": managing,
};

export function registerOllama(app: App, registry: ModelRegistry): void {
  registerOllamaEmbed(app, registry);
  registerOllamaModels(app, registry);
  refuseRoutes(app, "ollama", reasons);
  refuseRoutes(app, "ollama", { "/api/delete": managing }, "DELETE");
}
