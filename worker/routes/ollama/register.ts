/** Ollama's API, as far as it is about embeddings; the rest of it says why it is not there. */
import { NearvecError } from "../../../shared/errors.ts";
import type { App } from "../../environment.ts";
import type { ModelRegistry } from "../../model-registry.ts";
import { route, speakBelow } from "../../route.ts";
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
  speakBelow(app, "/api/*", "ollama");
  registerOllamaEmbed(app, registry);
  registerOllamaModels(app, registry);
  for (const [path, reason] of Object.entries(reasons)) {
    const refuse = () => {
      throw new NearvecError("not_supported", `Expected a path other than ${path}: ${reason}`);
    };
    route(app, path, { POST: refuse }, { dialect: "ollama" });
  }
}
