/** nearvec below a prefix of somebody's own app. */
import { Hono } from "hono";
import { createApp } from "../../worker/app.ts";
import type { AppTypes } from "../../worker/environment.ts";

export { CollectionObject } from "../../worker/collections/collection-object.ts";

export default new Hono<AppTypes>()
  .get("/", (c) => c.text("somebody's own page"))
  .route("/embed", createApp());
