/** A vector for every token of every text. */
import {
  checkVocabulary,
  type EmbeddingInput,
  type EmbeddingInputField,
  listInputs,
} from "../../shared/api/embedding-input.ts";
import { type Truncation, truncatedTokens } from "../../shared/embedding/encode-input.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxSequenceNumbers } from "../../shared/limits.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import type { AppContext } from "../environment.ts";

export interface SequenceRequest {
  readonly inputs: EmbeddingInputField;
  /** What the request calls them. */
  readonly name: string;
  readonly dimensions?: number | null | undefined;
  /** Undefined for the model's own maximum, null for all tokens. */
  readonly maxLength?: number | null | undefined;
  readonly truncation?: Truncation;
}

/** The tokens of one input, unknown ones left out, and their vectors, neither averaged nor normalized. */
export interface Sequence {
  readonly ids: Uint32Array | readonly number[];
  readonly vectors: readonly Float32Array[];
}

/**
 * @throws NearvecError `invalid_request` for ids or dimensions that the model cannot take, `too_many_inputs` for
 *   more numbers than an answer may have.
 */
export function encodeSequences(c: AppContext, model: StaticModel, request: SequenceRequest): Sequence[] {
  const work = c.get("work");
  const began = performance.now();
  const { inputs, name, truncation, maxLength } = request;
  checkVocabulary(inputs, model.metadata.vocabularySize, name);
  const list: readonly EmbeddingInput[] = listInputs(inputs);
  const tokens = list.map((input, index) =>
    truncatedTokens(model, input, { truncation, maxLength }, list[0] === inputs ? name : `${name}[${index}]`),
  );
  const width = request.dimensions ?? model.dimensions;
  const count = tokens.reduce((sum, { length }) => sum + length, 0);
  if (count * width > maxSequenceNumbers) throw tooMuch(name, count, width);
  const sequences = tokens.map((ids) => ({ ids, vectors: rowsOf(model, ids, request.dimensions) }));
  work.inputs += list.length;
  work.tokens += count;
  work.embedMilliseconds += performance.now() - began;
  return sequences;
}

function rowsOf(
  model: StaticModel,
  ids: Uint32Array | readonly number[],
  dimensions: number | null | undefined,
): Float32Array[] {
  const width = Math.min(dimensions ?? model.dimensions, model.dimensions);
  const matrix = new Float32Array(ids.length * width);
  const options = { normalize: false, ...(dimensions == null ? {} : { dimensions }) };
  return Array.from(ids, (id, i) => {
    // The mean of one row is the row.
    model.encodeInto([id], matrix, i * width, options);
    return matrix.subarray(i * width, (i + 1) * width);
  });
}

function tooMuch(name: string, tokens: number, width: number): NearvecError {
  return new NearvecError(
    "too_many_inputs",
    `Expected ${name} to have at most ${Math.floor(maxSequenceNumbers / width)} tokens of ${width} dimensions in all, ` +
      `got ${tokens}. Send fewer texts at a time, or ask for fewer dimensions.`,
    { param: name },
  );
}
