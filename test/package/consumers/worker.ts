/** A worker of the user's own with nearvec in it, twice: as it comes, and under the names that this worker has. */
import { Hono } from "hono";
import { type Bindings, CollectionObject, type CollectionObjectBindings, createApp } from "nearvec/worker";

interface Env extends Bindings {
  readonly TABLES: R2Bucket;
  readonly NOTES: KVNamespace;
  readonly NOTE: DurableObjectNamespace<NoteObject>;
  readonly VERSION: string;
}

export { CollectionObject };

/** Finds its bindings where this worker has them. */
export class NoteObject extends CollectionObject {
  constructor(ctx: DurableObjectState, env: CollectionObjectBindings & Env) {
    super(ctx, { COLLECTIONS: env.NOTES, COLLECTION: env.NOTE });
  }
}

const app = new Hono<{ Bindings: Env }>();
app.use(async (c, next) => {
  await next();
  c.header("x-worker-version", c.env.VERSION);
});
app.get("/", (c) => c.text("my own page"));
app.route("/nearvec", createApp());
app.route(
  "/own",
  createApp({
    bindings: (env: Env) => ({
      ...env,
      MODELS: env.TABLES,
      DEFAULT_MODEL: "base",
      COLLECTIONS: env.NOTES,
      COLLECTION: env.NOTE,
    }),
    pages: false,
  }),
);

export default app;
