/** The edge host as a Hono app: request ids and errors around one file per route. */
import { Hono } from "hono";
import { NearvecError } from "../shared/errors.ts";
import type { App, AppTypes } from "./environment.ts";
import { answerError } from "./error-answer.ts";
import { IsolateMetrics } from "./isolate-metrics.ts";
import { ModelRegistry } from "./model-registry.ts";
import { RequestWork } from "./request-work.ts";
import { registerCohere } from "./routes/cohere/register.ts";
import { registerDocumentation } from "./routes/documentation.ts";
import { registerEmbeddings } from "./routes/embeddings.ts";
import { registerHealth } from "./routes/health.ts";
import { registerModels } from "./routes/models.ts";
import { registerOllama } from "./routes/ollama/register.ts";
import { registerRerank } from "./routes/rerank.ts";
import { registerRoot } from "./routes/root.ts";
import { registerSequence } from "./routes/sequence.ts";
import { registerSimilarity } from "./routes/similarity.ts";
import { registerTextEmbeddingsInference } from "./routes/text-embeddings-inference/register.ts";

export interface AppOptions {
  /** The models of this isolate. Make one and keep it: it holds what has been loaded. */
  readonly registry?: ModelRegistry;
}

/**
 * Makes the app, to be served as it is or mounted in another Hono app.
 *
 * @example
 * ```ts
 * export default new Hono().route("/embed", createApp());
 * ```
 */
export function createApp(options: AppOptions = {}): App {
  const registry = options.registry ?? new ModelRegistry();
  const metrics = new IsolateMetrics();
  const app: App = new Hono<AppTypes>();
  app.use(async (c, next) => {
    const work = new RequestWork();
    c.set("requestId", `req_${crypto.randomUUID().replaceAll("-", "")}`);
    c.set("dialect", "openai");
    c.set("work", work);
    c.header("x-request-id", c.get("requestId"));
    await next();
    c.res.headers.set("server-timing", work.serverTiming());
    metrics.add(work);
  });
  registerEmbeddings(app, registry);
  registerModels(app, registry);
  registerSequence(app, registry);
  registerSimilarity(app, registry);
  registerRerank(app, registry);
  registerTextEmbeddingsInference(app, registry, metrics);
  registerOllama(app, registry);
  registerCohere(app, registry);
  registerHealth(app, registry);
  registerDocumentation(app);
  registerRoot(app);
  app.notFound((c) => answerError(noSuchPath(c.req.method, c.req.path), c));
  app.onError((error, c) => answerError(error, c));
  return app;
}

function noSuchPath(method: string, path: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected a path of this API, got ${method} ${path}. GET /docs describes them, POST /v1/embeddings among them.`,
  );
}
