/**
 * Texts in, vectors out: what all embedding routes have in common, whatever they call their fields and however
 * they print the result.
 */
import { checkVocabulary, type EmbeddingInputField, listInputs } from "../../shared/api/embedding-input.ts";
import { type EncodeInputOptions, encodeInput } from "../../shared/embedding/encode-input.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import type { AppContext } from "../environment.ts";
import { modelHost } from "../environment.ts";
import type { ResidentModel } from "../model-memory.ts";
import type { ModelRegistry } from "../model-registry.ts";

/** What is to be embedded, and how. */
export interface EncodeRequest extends Omit<EncodeInputOptions, "dimensions" | "maxLength"> {
  readonly inputs: EmbeddingInputField;
  /** What the request calls them; `input` if not given. */
  readonly name?: string;
  /** Null is the same as absent: all that the model has. */
  readonly dimensions?: number | null | undefined;
  /** Null is the same as absent: the model's own maximum. */
  readonly maxLength?: number | null | undefined;
}

/**
 * The model that a request names: at once if it is loaded, else the time that it takes is noted.
 *
 * @param name Null or undefined for the worker's default model.
 * @throws NearvecError as `ModelRegistry.get` does.
 */
export function useModel(
  c: AppContext,
  registry: ModelRegistry,
  name: string | null | undefined,
): ResidentModel | Promise<ResidentModel> {
  return (
    registry.recall(name ?? null, { bucket: c.env.MODELS, defaultModel: c.env.DEFAULT_MODEL }) ??
    loadModel(c, registry, name)
  );
}

async function loadModel(
  c: AppContext,
  registry: ModelRegistry,
  name: string | null | undefined,
): Promise<ResidentModel> {
  const work = c.get("work");
  const began = performance.now();
  try {
    return await registry.get(name ?? null, modelHost(c));
  } finally {
    work.loadMilliseconds += performance.now() - began;
  }
}

/**
 * Encodes every input and hands its vector to `visit`, which must have done with it when it returns: one buffer
 * serves all of them.
 *
 * @returns How many tokens there were in all.
 * @throws NearvecError `invalid_request` for token ids, dimensions or lengths that the model cannot take.
 */
export function encodeInputs(
  c: AppContext,
  model: StaticModel,
  { inputs, name = "input", dimensions, maxLength, normalize, truncation }: EncodeRequest,
  visit: (vector: Float32Array, index: number) => void,
): number {
  const work = c.get("work");
  const began = performance.now();
  checkVocabulary(inputs, model.metadata.vocabularySize, name);
  const list = listInputs(inputs);
  const single = list[0] === inputs;
  const options = {
    dimensions: dimensions ?? undefined,
    maxLength: maxLength ?? undefined,
    normalize,
    truncation,
  };
  // The model itself refuses more dimensions than it has.
  const vector = vectorOf(Math.min(dimensions ?? model.dimensions, model.dimensions));
  let tokens = 0;
  list.forEach((input, index) => {
    tokens += encodeInput(model, input, vector, options, single ? name : `${name}[${index}]`);
    visit(vector, index);
  });
  work.inputs += list.length;
  work.tokens += tokens;
  work.embedMilliseconds += performance.now() - began;
  return tokens;
}

let sharedVector = new Float32Array(0);

/** One buffer for all requests, which encode without a pause: for one text a new one would cost more than the encoding. */
function vectorOf(width: number): Float32Array {
  if (sharedVector.length !== width) sharedVector = new Float32Array(width);
  return sharedVector;
}

/** The vectors themselves, for routes that compare them. */
export function encodeVectors(
  c: AppContext,
  model: StaticModel,
  request: EncodeRequest,
): { readonly vectors: Float32Array[]; readonly tokens: number } {
  const vectors: Float32Array[] = [];
  const tokens = encodeInputs(c, model, request, (vector) => vectors.push(vector.slice()));
  return { vectors, tokens };
}
