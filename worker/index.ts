/** The worker's entry: one app, and with it one model registry, per isolate. */
import { createApp } from "./app.ts";

export { CollectionObject } from "./collections/collection-object.ts";

export default createApp();
