/** Reads the answer to a batch, and believes nothing of it: a vector that may be another text's is worse than none. */
import { decodeFloatsFromBase64 } from "../../shared/api/base64.ts";
import type { EmbeddingsResponse } from "../../shared/api/embeddings.ts";

/** What a worker made of texts. */
export interface Embeddings {
  /** One per text, in the texts' order. */
  readonly vectors: Float32Array[];
  /** The model that answered. */
  readonly model: string;
  /** Tokens that were pooled. */
  readonly tokens: number;
}

/** An answer of which nothing is known yet. */
type Unknown<Answer> = { readonly [Key in keyof Answer]?: unknown } | null;

/**
 * @param count Texts that were sent.
 * @param dimensions What was asked for, if anything was.
 * @throws Error saying what is wrong with the answer
 */
export function readEmbeddings(answer: unknown, count: number, dimensions: number | undefined): Embeddings {
  const { data, model, usage } = (answer ?? {}) as NonNullable<Unknown<EmbeddingsResponse>>;
  if (!Array.isArray(data) || data.length !== count) {
    throw new Error(`it has ${Array.isArray(data) ? data.length : "no"} embeddings for ${count} texts.`);
  }
  if (typeof model !== "string") throw new Error("it does not name its model.");
  const tokens = (usage as Unknown<EmbeddingsResponse["usage"]> | undefined)?.prompt_tokens;
  if (!Number.isInteger(tokens)) throw new Error("it does not say how many tokens it took.");
  const vectors = new Array<Float32Array | undefined>(count).fill(undefined);
  for (const element of data) {
    const { index, embedding } = (element ?? {}) as NonNullable<Unknown<EmbeddingsResponse["data"][number]>>;
    if (!Number.isInteger(index) || !((index as number) in vectors)) {
      throw new Error(`an embedding has the index ${String(index)}; they run from 0 to ${count - 1}.`);
    }
    vectors[index as number] = readVector(embedding, index as number);
  }
  // As many as texts, within the range, and none missing: then none is there twice.
  const missing = vectors.indexOf(undefined);
  if (missing >= 0) throw new Error(`no embedding has the index ${missing}.`);
  const expected = dimensions ?? vectors[0]?.length;
  const odd = vectors.findIndex((vector) => vector?.length !== expected);
  if (odd >= 0) {
    throw new Error(`embedding ${odd} has ${vectors[odd]?.length} dimensions, expected ${expected}.`);
  }
  return { vectors: vectors as Float32Array[], model, tokens: tokens as number };
}

function readVector(embedding: unknown, index: number): Float32Array {
  const vector = typeof embedding === "string" ? decodeFloatsFromBase64(embedding) : null;
  if (vector === null || vector.length === 0) {
    throw new Error(`embedding ${index} is not base64 of float32 values.`);
  }
  if (!vector.every(Number.isFinite)) throw new Error(`embedding ${index} has values that are not finite.`);
  return vector;
}

/**
 * Puts the answers to batches together.
 *
 * @throws Error if they cannot have come from one model
 */
export function joinEmbeddings(batches: readonly Embeddings[]): Embeddings {
  const [first] = batches;
  if (first === undefined) return { vectors: [], model: "", tokens: 0 };
  const width = first.vectors[0]?.length;
  for (const { model, vectors } of batches) {
    if (model === first.model && vectors[0]?.length === width) continue;
    throw new Error(
      `two batches of one call were answered by ${first.model} with ${width} dimensions and by ${model} with ` +
        `${vectors[0]?.length}. The worker's model was exchanged in between: embed the texts again.`,
    );
  }
  return {
    vectors: batches.flatMap(({ vectors }) => vectors),
    model: first.model,
    tokens: batches.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
