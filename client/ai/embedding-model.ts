/** An embedding model for the Vercel AI SDK: specification v3, which ai 6 speaks and ai 7 accepts. */
import { maxInputsPerRequest } from "../../shared/limits.ts";
import { type EmbeddingSettings, type EmbeddingSource, embedTexts } from "../embedding-source.ts";

/**
 * `EmbeddingModelV3` of @ai-sdk/provider, as far as this model goes. Written down here, so that neither version of
 * that package has to be installed to use it.
 */
export interface NearvecEmbeddingModel {
  readonly specificationVersion: "v3";
  readonly provider: "nearvec";
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: number;
  readonly supportsParallelCalls: boolean;
  doEmbed(options: {
    values: string[];
    abortSignal?: AbortSignal;
    headers?: Record<string, string | undefined>;
  }): Promise<{ embeddings: number[][]; usage: { tokens: number }; warnings: [] }>;
}

/**
 * @param source A `NearvecClient` or a `StaticModel`.
 *
 * @example
 * ```ts
 * import { embedMany } from "ai";
 *
 * const model = embeddingModel(new NearvecClient({ baseUrl }), { dimensions: 128 });
 * const { embeddings } = await embedMany({ model, values: ["a horse in the rain", "an ambulance"] });
 * ```
 */
export function embeddingModel(
  source: EmbeddingSource,
  settings: EmbeddingSettings = {},
): NearvecEmbeddingModel {
  return {
    specificationVersion: "v3",
    provider: "nearvec",
    modelId: settings.model ?? ("metadata" in source ? source.metadata.name : "default"),
    maxEmbeddingsPerCall: maxInputsPerRequest,
    supportsParallelCalls: true,
    async doEmbed({ values, abortSignal, headers }) {
      const { vectors, tokens } = await embedTexts(source, values, {
        ...settings,
        headers,
        signal: abortSignal,
      });
      return { embeddings: vectors.map((vector) => Array.from(vector)), usage: { tokens }, warnings: [] };
    },
  };
}
