/** The edge host as a Hono app: request ids and errors around one file per route. */
import { Hono } from "hono";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { NearvecError } from "../shared/errors.ts";
import { type CollectionServices, createCollectionServices } from "./collections/collection-services.ts";
import type { App, AppTypes } from "./environment.ts";
import { answerError } from "./error-answer.ts";
import { IsolateMetrics } from "./isolate-metrics.ts";
import { ModelRegistry } from "./model-registry.ts";
import { RequestWork } from "./request-work.ts";
import { registerCohere } from "./routes/cohere/register.ts";
import { registerCollections } from "./routes/collections.ts";
import { registerCollectionDocuments } from "./routes/collections-documents.ts";
import { registerCollectionSearch } from "./routes/collections-search.ts";
import { registerCollectionSegments } from "./routes/collections-segments.ts";
import { registerCollectionTransfer } from "./routes/collections-transfer.ts";
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
  /** What the isolate keeps of collections; made around the registry if not given. */
  readonly collections?: CollectionServices;
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
  const registry = options.registry ?? options.collections?.registry ?? new ModelRegistry();
  const collections = options.collections ?? createCollectionServices(registry);
  const metrics = new IsolateMetrics();
  const app: App = new Hono<AppTypes>({ router: new RegExpRouter() });
  app.use(async (c, next) => {
    const work = new RequestWork();
    c.set("requestId", `req_${crypto.randomUUID().replaceAll("-", "")}`);
    c.set("dialect", "openai");
    c.set("work", work);
    await next();
    // Set on the answer, not before it is made: Hono copies headers that wait for one.
    const { headers } = c.res;
    headers.set("x-request-id", c.get("requestId"));
    // A search says more of its parts itself.
    if (!headers.has("server-timing")) headers.set("server-timing", work.serverTiming());
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
  registerCollections(app, collections);
  registerCollectionDocuments(app, collections);
  registerCollectionSearch(app, collections);
  registerCollectionTransfer(app, collections);
  registerCollectionSegments(app, collections);
  registerDocumentation(app);
  registerRoot(app);
  app.notFound((c) => answerError(noSuchPath(c.req.method, c.req.path), c));
  app.onError((error, c) => answerError(error, c));
  return app;
}

function noSuchPath(method: string, path: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected a path of this API, got ${method} ${path}. GET /docs describes all of them.`,
  );
}
