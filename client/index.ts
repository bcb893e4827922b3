/**
 * nearvec's public surface: what `import … from "nearvec"` gives, in Node, in browsers and in Workers.
 */
export type { ModelMetadata, Pooling, RowType } from "../shared/artifact/model-metadata.ts";
export type { ModelSource } from "../shared/artifact/model-source.ts";
export { type ErrorCode, NearvecError } from "../shared/errors.ts";
export {
  type EncodeOptions,
  type LoadOptions,
  type SequenceOptions,
  StaticModel,
  type TokenizeOptions,
} from "../shared/static-model.ts";
