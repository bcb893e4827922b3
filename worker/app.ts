/** The edge host as a Hono app: a frame around one file per route. */
import { Hono } from "hono";
import { NearvecError } from "../shared/errors.ts";
import { type AccessMode, Admission } from "./access/admission.ts";
import { KeyRing } from "./access/key-ring.ts";
import { type CollectionServices, createCollectionServices } from "./collections/collection-services.ts";
import type { App, AppTypes, Bindings } from "./environment.ts";
import { answerError } from "./error-answer.ts";
import { dialectBelow } from "./error-dialects.ts";
import { isolateMemory } from "./isolate-memory.ts";
import { IsolateMetrics } from "./isolate-metrics.ts";
import { LiteralPathRouter } from "./literal-path-router.ts";
import { ModelRegistry } from "./model-registry.ts";
import { RateLimiter } from "./rate-limit.ts";
import { RequestFrame } from "./request-frame.ts";
import type { RequestLogLevel } from "./request-log.ts";
import { expectGuarded, surround } from "./route.ts";
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

/** @typeParam Env What the worker that the app is part of is given. */
export interface AppOptions<Env = Bindings> {
  /**
   * The app's bindings and variables, where the worker has them under other names or sets them in code; called
   * for each request. What it is given, under the names in wrangler.toml, if not given.
   */
  readonly bindings?: (env: Env) => Bindings;
  /** Whether there is something to look at: `/docs`, `/openapi.json`, the playground at `/`. True if not given. */
  readonly pages?: boolean;
  /** The models of this isolate. Make one and keep it: it holds what has been loaded. */
  readonly registry?: ModelRegistry;
  /** What the isolate keeps of collections; made around the registry if not given. */
  readonly collections?: CollectionServices;
  /** `open` where your own app has decided who gets this far; the variable ACCESS, else `keys`, if not given. */
  readonly access?: AccessMode;
  /** What the isolate knows of keys and counts of callers; made if not given. */
  readonly admission?: Admission;
  /** Origins whose pages may call from a browser, `*` for all; the variable CORS_ORIGINS, else none, if not given. */
  readonly corsOrigins?: readonly string[];
  /** Which requests are logged; the variable REQUEST_LOG, else all, if not given. */
  readonly requestLog?: RequestLogLevel;
}

/**
 * Makes the app, to be served as it is or mounted in another Hono app. Make it once, outside of requests. It asks for
 * keys unless it is told not to.
 *
 * @example
 * ```ts
 * const app = new Hono<{ Bindings: Env }>();
 * const bindings = (env: Env) => ({ MODELS: env.TABLES, DEFAULT_MODEL: "base" });
 * app.route("/embed", createApp({ bindings, access: "open" }));
 * export default app;
 * ```
 */
export function createApp<Env = Bindings>(options: AppOptions<Env> = {}): App {
  const registry = options.registry ?? options.collections?.registry ?? new ModelRegistry({ isolateMemory });
  const collections = options.collections ?? createCollectionServices(registry);
  const metrics = new IsolateMetrics();
  const admission =
    options.admission ??
    new Admission({ keys: new KeyRing(), rates: new RateLimiter(), mode: options.access });
  const { bindings, corsOrigins, requestLog } = options;
  const frame = new RequestFrame({
    bindings: bindings as ((env: Bindings) => Bindings) | undefined,
    corsOrigins,
    requestLog,
    metrics,
  });
  // Middleware takes a `next` to go on with; all other handlers answer.
  const app: App = new Hono<AppTypes>({ router: new LiteralPathRouter(([handler]) => handler.length < 2) });
  surround(app, { frame, admission });
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
  const { pages = true } = options;
  if (pages) registerDocumentation(app);
  registerRoot(app, pages);
  app.use(frame.middleware());
  app.notFound(async (c) => {
    c.get("work").dialect = dialectBelow(c.req.path);
    const refusal = await refusalOf(() => admission.admit(c, "key", undefined));
    return answerError(refusal ?? noSuchPath(c.req.method, c.req.path), c);
  });
  app.onError((error, c) => answerError(error, c));
  expectGuarded(app);
  return app;
}

/** What a check throws; null if it passes. Hono takes no error from a handler of unknown paths. */
async function refusalOf(check: () => undefined | Promise<void>): Promise<unknown> {
  try {
    await check();
    return null;
  } catch (refusal) {
    return refusal;
  }
}

function noSuchPath(method: string, path: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected a path of this API, got ${method} ${path}. GET /docs describes all of them.`,
  );
}
