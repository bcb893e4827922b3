/** The edge host as a Hono app: request ids and errors around one file per route. */
import { Hono } from "hono";
import { NearvecError } from "../shared/errors.ts";
import { type CollectionServices, createCollectionServices } from "./collections/collection-services.ts";
import type { App, AppTypes } from "./environment.ts";
import { answerError } from "./error-answer.ts";
import { ModelRegistry } from "./model-registry.ts";
import { registerCollections } from "./routes/collections.ts";
import { registerCollectionDocuments } from "./routes/collections-documents.ts";
import { registerCollectionSearch } from "./routes/collections-search.ts";
import { registerCollectionSegments } from "./routes/collections-segments.ts";
import { registerCollectionTransfer } from "./routes/collections-transfer.ts";
import { registerEmbeddings } from "./routes/embeddings.ts";
import { registerHealth } from "./routes/health.ts";
import { registerModels } from "./routes/models.ts";

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
  const app: App = new Hono<AppTypes>();
  app.use(async (c, next) => {
    c.set("requestId", `req_${crypto.randomUUID().replaceAll("-", "")}`);
    c.header("x-request-id", c.get("requestId"));
    await next();
  });
  registerEmbeddings(app, registry);
  registerModels(app, registry);
  registerHealth(app, registry);
  registerCollections(app, collections);
  registerCollectionDocuments(app, collections);
  registerCollectionSearch(app, collections);
  registerCollectionTransfer(app, collections);
  registerCollectionSegments(app, collections);
  app.notFound((c) => answerError(noSuchPath(c.req.method, c.req.path), c));
  app.onError((error, c) => answerError(error, c));
  return app;
}

function noSuchPath(method: string, path: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected a path of this API, got ${method} ${path}. There are POST /v1/embeddings, GET /v1/models, GET /v1/collections and GET /health; docs/search.md lists what a collection has.`,
  );
}
