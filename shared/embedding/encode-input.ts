/** One text, or the token ids of one, to one vector, whichever end of it is to be cut off. */
import type { EmbeddingInput } from "../api/embedding-input.ts";
import { NearvecError } from "../errors.ts";
import type { StaticModel } from "../static-model.ts";

/** What becomes of a text with more tokens than are pooled: it loses its end or its start, or is refused. */
export type Truncation = "end" | "start" | "refuse";

export interface EncodeInputOptions {
  /** Leading dimensions to keep; all if not given. */
  readonly dimensions?: number | undefined;
  /** Whether the vector gets length 1; the model's own setting if not given. */
  readonly normalize?: boolean | undefined;
  /** `end` if not given, as model2vec does. */
  readonly truncation?: Truncation | undefined;
  /** Tokens to pool at most; the model's own limit if not given. */
  readonly maxLength?: number | undefined;
}

/**
 * Writes the vector to the start of `output`.
 *
 * @param name What the request calls the input, for the message that refuses it.
 * @returns How many tokens the vector was made of.
 * @throws NearvecError invalid_request for dimensions or ids out of range, and for a text that is too long for
 *   `refuse`.
 */
export function encodeInput(
  model: StaticModel,
  input: EmbeddingInput,
  output: Float32Array,
  options: EncodeInputOptions,
  name = "input",
): number {
  const { truncation = "end", maxLength } = options;
  if (truncation === "end") return model.encodeInto(input, output, 0, options);
  const ids = truncatedTokens(model, input, { truncation, maxLength }, name);
  return model.encodeInto(ids, output, 0, options);
}

/**
 * The ids of the tokens that are pooled, unknown ones left out.
 *
 * @param options maxLength: the model's own limit if not given; null keeps all tokens
 */
export function truncatedTokens(
  model: StaticModel,
  input: EmbeddingInput,
  options: { readonly truncation?: Truncation | undefined; readonly maxLength?: number | null | undefined },
  name: string,
): Uint32Array | readonly number[] {
  const { truncation = "end", maxLength = model.metadata.maxLength } = options;
  // Model2vec cuts the text as well as the tokens at the end, so the model is told of the limit.
  if (truncation === "end" && typeof input === "string") return model.tokenize(input, { maxLength });
  const ids = knownTokens(model, input);
  if (maxLength === null || ids.length <= maxLength) return ids;
  if (truncation === "refuse") throw tooLong(name, maxLength, ids.length);
  return truncation === "start" ? ids.slice(-maxLength) : ids.slice(0, maxLength);
}

function knownTokens(model: StaticModel, input: EmbeddingInput): Uint32Array | readonly number[] {
  if (typeof input === "string") return model.tokenize(input);
  return input.filter((id) => id !== model.metadata.unkTokenId);
}

function tooLong(name: string, limit: number, got: number): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected ${name} to have at most ${limit} tokens, got ${got}. Split the text, or allow truncation.`,
    { param: name },
  );
}
