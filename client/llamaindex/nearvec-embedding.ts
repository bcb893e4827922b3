/** LlamaIndex.TS `BaseEmbedding`. */
import { BaseEmbedding } from "@llamaindex/core/embeddings";
import { maxInputsPerRequest } from "../../shared/limits.ts";
import { type EmbeddingSettings, type EmbeddingSource, embedAsNumbers } from "../embedding-source.ts";

export interface NearvecEmbeddingFields extends EmbeddingSettings {
  /** A `NearvecClient` or a `StaticModel`. */
  readonly source: EmbeddingSource;
}

/**
 * Texts to vectors, for whatever in LlamaIndex takes an embedding.
 *
 * @example
 * ```ts
 * Settings.embedModel = new NearvecEmbedding({ source: new NearvecClient({ baseUrl }) });
 * ```
 */
export class NearvecEmbedding extends BaseEmbedding {
  // LlamaIndex's own default of ten would make two hundred requests out of one.
  override embedBatchSize = maxInputsPerRequest;
  // A property, as the base class has it.
  override getTextEmbeddings: (texts: string[]) => Promise<number[][]>;

  constructor({ source, ...settings }: NearvecEmbeddingFields) {
    super();
    this.getTextEmbeddings = (texts) => embedAsNumbers(source, texts, settings);
    if (settings.dimensions !== undefined) this.embedInfo = { dimensions: settings.dimensions };
  }

  override async getTextEmbedding(text: string): Promise<number[]> {
    const [vector] = await this.getTextEmbeddings([text]);
    return vector!;
  }
}
