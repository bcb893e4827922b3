/** What `import … from "nearvec/pipeline"` gives. */
export { FeatureTensor, type NestedNumbers } from "./feature-tensor.ts";
export { type FeatureExtractionOptions, type FeatureExtractor, pipeline } from "./pipeline.ts";
