/** The worker's entry: one app, and with it one model registry, per isolate. */
import { createApp } from "./app.ts";
import { isolateMemory } from "./isolate-memory.ts";
import { ModelRegistry } from "./model-registry.ts";

export { CollectionObject } from "./collections/collection-object.ts";

export default createApp({ registry: new ModelRegistry({ isolateMemory }) });
