/** A route of Ollama's API: its errors, its heading in the documentation. */
import type { Handler } from "hono";
import type { Operation } from "../../api-description/operations.ts";
import type { App, AppTypes } from "../../environment.ts";
import { route } from "../../route.ts";

interface OllamaRoute extends Omit<Operation, "tag"> {
  readonly handler: Handler<AppTypes>;
}

export function ollamaRoute(
  app: App,
  method: "GET" | "POST",
  path: string,
  { handler, ...operation }: OllamaRoute,
): void {
  const operations = { [method]: { tag: "Ollama", ...operation } };
  route(app, path, { [method]: handler }, { dialect: "ollama", operations });
}
