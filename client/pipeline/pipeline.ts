/** A pipeline that is called, and answers, as Transformers.js's `pipeline("feature-extraction", …)` does. */
import { NearvecError } from "../../shared/errors.ts";
import { type EmbeddingSettings, type EmbeddingSource, embedTexts, isModel } from "../embedding-source.ts";
import { expectTexts } from "../expect-texts.ts";
import { FeatureTensor, quantizeToBits } from "./feature-tensor.ts";

export interface FeatureExtractionOptions {
  /** `none`, the default as in Transformers.js, gives a vector per token; `mean` pools as the model does. */
  readonly pooling?: "none" | "mean";
  /** Whether vectors get length 1; false if not given, as in Transformers.js. */
  readonly normalize?: boolean;
  /** Whether to keep one bit of each dimension. */
  readonly quantize?: boolean;
  /** Whether eight bits become an integer from -128 (`binary`, the default) or from 0 (`ubinary`). */
  readonly precision?: "binary" | "ubinary";
}

export interface FeatureExtractor {
  (texts: string | readonly string[], options?: FeatureExtractionOptions): Promise<FeatureTensor>;
  /** Nothing: a model lives as long as something refers to it. */
  dispose(): Promise<void>;
}

/**
 * @param source A `NearvecClient` or a `StaticModel`, where Transformers.js takes the name of a model. Only the
 *   latter can do without `pooling: "mean"` and `normalize: true`: a worker sends pooled vectors of length 1.
 *
 * @example
 * ```ts
 * const extractor = await pipeline("feature-extraction", model);
 * const output = await extractor(["a horse", "an ambulance"], { pooling: "mean", normalize: true });
 * output.dims; // [2, 256]
 * output.tolist(); // number[][]
 * ```
 */
export async function pipeline(
  task: "feature-extraction",
  source: EmbeddingSource,
  settings: EmbeddingSettings = {},
): Promise<FeatureExtractor> {
  if (task !== "feature-extraction") {
    throw invalid("task", '"feature-extraction", which is all that a static model can do', task);
  }
  const extract = async (
    input: string | readonly string[],
    options: FeatureExtractionOptions = {},
  ): Promise<FeatureTensor> => {
    const texts = typeof input === "string" ? [input] : input;
    const { pooling = "none", quantize = false, precision = "binary" } = options;
    if (pooling !== "none" && pooling !== "mean") {
      throw invalid("pooling", '"none" or "mean" (a static model knows no special tokens)', pooling);
    }
    if (precision !== "binary" && precision !== "ubinary") {
      throw invalid("precision", '"binary" or "ubinary"', precision);
    }
    const tensor =
      pooling === "mean"
        ? await pooled(source, texts, options.normalize ?? false, settings)
        : sequences(source, texts, options.normalize ?? false, settings);
    if (!quantize) return tensor;
    if (tensor.dims.length !== 2) throw invalid("quantize", 'false, unless pooling is "mean"', quantize);
    if (tensor.dims[1]! % 8 !== 0) {
      throw invalid("quantize", "false, unless the dimensions are a multiple of 8", quantize);
    }
    return quantizeToBits(tensor, precision === "binary");
  };
  return Object.assign(extract, { dispose: async () => {} });
}

/** Texts x dimensions. */
async function pooled(
  source: EmbeddingSource,
  texts: readonly string[],
  normalize: boolean,
  settings: EmbeddingSettings,
): Promise<FeatureTensor<"float32">> {
  if (isModel(source)) {
    expectTexts(texts);
    return stack(source.encode(texts, { ...withDimensions(settings), normalize }), source.dimensions);
  }
  if (!normalize) {
    throw invalid("normalize", "true: a worker sends vectors of length 1 (use a StaticModel)", normalize);
  }
  const { vectors } = await embedTexts(source, texts, settings);
  return stack(vectors.map(unitLength), 0);
}

/** Texts x tokens of the longest x dimensions; what is beyond a shorter text's tokens is zero. */
function sequences(
  source: EmbeddingSource,
  texts: readonly string[],
  normalize: boolean,
  settings: EmbeddingSettings,
): FeatureTensor<"float32"> {
  if (!isModel(source)) {
    throw invalid("pooling", '"mean": a worker sends pooled vectors (use a StaticModel)', "none");
  }
  expectTexts(texts);
  const { maxLength } = source.metadata;
  const rows = source.encodeAsSequence(texts, { ...withDimensions(settings), maxLength });
  const width = settings.dimensions ?? source.dimensions;
  const longest = Math.max(0, ...rows.map(({ length }) => length));
  const data = new Float32Array(texts.length * longest * width);
  rows.forEach((tokens, text) => {
    tokens.forEach((row, token) => {
      data.set(normalize ? unitLength(row) : row, (text * longest + token) * width);
    });
  });
  return new FeatureTensor("float32", data, [texts.length, longest, width]);
}

function withDimensions({ dimensions }: EmbeddingSettings): { dimensions?: number } {
  return dimensions === undefined ? {} : { dimensions };
}

/** @param widthOfNone Dimensions of a tensor without texts. */
function stack(vectors: readonly Float32Array[], widthOfNone: number): FeatureTensor<"float32"> {
  const width = vectors[0]?.length ?? widthOfNone;
  const data = new Float32Array(vectors.length * width);
  vectors.forEach((vector, row) => void data.set(vector, row * width));
  return new FeatureTensor("float32", data, [vectors.length, width]);
}

/** Leaves alone what has length 1, as well as float32 can say: dividing again would only move the last bits. */
function unitLength(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 || Math.abs(norm - 1) < 1e-6 ? vector : vector.map((value) => value / norm);
}

function invalid(param: string, expected: string, got: unknown): NearvecError {
  return new NearvecError("invalid_request", `Expected ${param} to be ${expected}, got ${String(got)}.`, {
    param,
  });
}
