/** What every adapter embeds with: a worker over HTTP, or a model in this process. Both give the same bits. */
import type { StaticModel } from "../shared/static-model.ts";
import { expectTexts } from "./expect-texts.ts";
import type { EmbedOptions, NearvecClient } from "./http/nearvec-client.ts";
import type { Embeddings } from "./http/read-embeddings.ts";

export type EmbeddingSource = Pick<NearvecClient, "embedWithUsage"> | StaticModel;

/** What an adapter is told once, for all its texts. */
export interface EmbeddingSettings {
  /** Which of a worker's models; its default if not given. A model in process is only ever itself. */
  readonly model?: string | undefined;
  /** Dimensions to keep, from the first on. */
  readonly dimensions?: number | undefined;
}

/** Whether texts are embedded in this process. */
export function isModel(source: EmbeddingSource): source is StaticModel {
  return "encodeInto" in source;
}

/** @throws NearvecError the same for both, e.g. `invalid_request` about `input[3]` */
export async function embedTexts(
  source: EmbeddingSource,
  texts: readonly string[],
  options: EmbedOptions = {},
): Promise<Embeddings> {
  if (!isModel(source)) return source.embedWithUsage(texts, options);
  expectTexts(texts);
  options.signal?.throwIfAborted();
  const { dimensions } = options;
  const width = dimensions ?? source.dimensions;
  let tokens = 0;
  const vectors = texts.map((text) => {
    const vector = new Float32Array(width);
    tokens += source.encodeInto(text, vector, 0, dimensions === undefined ? {} : { dimensions });
    return vector;
  });
  return { vectors, model: source.metadata.name, tokens };
}

/** For frameworks that know vectors as arrays of numbers. */
export async function embedAsNumbers(
  source: EmbeddingSource,
  texts: readonly string[],
  options?: EmbedOptions,
): Promise<number[][]> {
  const { vectors } = await embedTexts(source, texts, options);
  return vectors.map((vector) => Array.from(vector));
}
