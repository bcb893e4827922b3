/** LangChain.js `Embeddings`. */
import { Embeddings } from "@langchain/core/embeddings";
import { type EmbeddingSettings, type EmbeddingSource, embedAsNumbers } from "../embedding-source.ts";

export interface NearvecEmbeddingsFields extends EmbeddingSettings {
  /** A `NearvecClient` or a `StaticModel`. */
  readonly source: EmbeddingSource;
}

/**
 * Texts to vectors, for whatever in LangChain takes embeddings. Retries and batches are the client's: LangChain's
 * own `caller` is not used.
 *
 * @example
 * ```ts
 * const embeddings = new NearvecEmbeddings({ source: new NearvecClient({ baseUrl }) });
 * const vectors = await embeddings.embedDocuments(["a horse in the rain", "an ambulance"]);
 * ```
 */
export class NearvecEmbeddings extends Embeddings {
  readonly #source: EmbeddingSource;
  readonly #settings: EmbeddingSettings;

  constructor({ source, ...settings }: NearvecEmbeddingsFields) {
    super({});
    this.#source = source;
    this.#settings = settings;
  }

  override embedDocuments(documents: string[]): Promise<number[][]> {
    return embedAsNumbers(this.#source, documents, this.#settings);
  }

  override async embedQuery(document: string): Promise<number[]> {
    const [vector] = await this.embedDocuments([document]);
    return vector!;
  }
}
