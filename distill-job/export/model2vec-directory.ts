/** A model as Model2Vec saves it (model2vec 0.8, `persistence/persistence.py`, `save_pretrained`). */
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import type { DirectoryContent } from "./directory-content.ts";
import type { ExportedModel } from "./exported-model.ts";
import { modelCard } from "./model-card.ts";
import { type ExportRowType, tableTensors } from "./row-types.ts";
import { safetensorsFile } from "./safetensors-file.ts";

/**
 * The files of a directory that `StaticModel.from_pretrained` and `SentenceTransformer` load; the latter knows
 * no tokens that share rows.
 * @param repo where on the hub they will be, `org/name`, for the card to say so
 */
export function model2vecDirectory(
  model: ExportedModel,
  rowType: ExportRowType,
  repo?: string,
): DirectoryContent {
  const { metadata, shared, tokenizer } = model;
  const { rows, mapping } = shared ?? { rows: model.rows, mapping: null };
  const { dimensions } = metadata;
  const sharedRows = shared === null ? undefined : rows.length / dimensions;
  return {
    "model.safetensors": safetensorsFile(tableTensors("embeddings", rows, dimensions, rowType, mapping)),
    "tokenizer.json": JSON.stringify(tokenizer),
    "config.json": json({
      ...model2vecConfig(metadata, rowType),
      ...(sharedRows !== undefined && { vocabulary_quantization: sharedRows }),
    }),
    "modules.json": json(staticModules(".", metadata.normalize)),
    "README.md": modelCard(metadata, {
      library: "model2vec",
      sharedRows,
      example: {
        language: "python",
        code: [
          "from model2vec import StaticModel",
          "",
          `model = StaticModel.from_pretrained("${repo ?? metadata.name}")`,
          'vectors = model.encode(["a horse in the rain"])',
        ].join("\n"),
      },
      repo,
    }),
  };
}

export function model2vecConfig(metadata: ModelMetadata, rowType: ExportRowType): Record<string, unknown> {
  const { provenance, dimensions, normalize } = metadata;
  const sif = Number(provenance.sif);
  return {
    model_type: "model2vec",
    architectures: ["StaticModel"],
    ...(provenance.teacher === undefined ? {} : { tokenizer_name: provenance.teacher }),
    apply_pca: dimensions,
    sif_coefficient: Number.isFinite(sif) ? sif : null,
    hidden_dim: dimensions,
    // Model2Vec's stand-in for "any length".
    seq_length: 1_000_000,
    normalize,
    embedding_dtype: rowType,
  };
}

/** The list of modules that Sentence Transformers runs one after the other. */
export function staticModules(path: string, normalize: boolean): Record<string, unknown>[] {
  const prefix = "sentence_transformers.models";
  const table = { idx: 0, name: "0", path, type: `${prefix}.StaticEmbedding` };
  const norm = { idx: 1, name: "1", path: "1_Normalize", type: `${prefix}.Normalize` };
  return normalize ? [table, norm] : [table];
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
