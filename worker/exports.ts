/**
 * What `import … from "nearvec/worker"` gives: the worker as an app to mount in one's own, and the class of its
 * Durable Objects.
 */
export { type ErrorCode, NearvecError } from "../shared/errors.ts";
export { type AppOptions, createApp } from "./app.ts";
export type { BundledModel } from "./bundled-model.ts";
export { CollectionObject, type CollectionObjectBindings } from "./collections/collection-object.ts";
export type { App, AppTypes, Bindings } from "./environment.ts";
export { ModelRegistry, type ModelRegistryOptions } from "./model-registry.ts";
