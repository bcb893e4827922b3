/** A model as Sentence Transformers saves one whose only module is a StaticEmbedding. */
import type { DirectoryContent } from "./directory-content.ts";
import type { ExportedModel } from "./exported-model.ts";
import { modelCard } from "./model-card.ts";
import { json, staticModules } from "./model2vec-directory.ts";
import { tableTensors } from "./row-types.ts";
import { safetensorsFile } from "./safetensors-file.ts";

const folder = "0_StaticEmbedding";

/** The files of a directory that `SentenceTransformer(path)` loads; `StaticModel` loads it as well. */
export function sentenceTransformersDirectory(
  model: ExportedModel,
  rowType: "float32" | "float16",
): DirectoryContent {
  const { metadata, rows, tokenizer } = model;
  return {
    [`${folder}/model.safetensors`]: safetensorsFile(
      tableTensors("embedding.weight", rows, metadata.dimensions, rowType),
    ),
    [`${folder}/tokenizer.json`]: JSON.stringify(tokenizer),
    "modules.json": json(staticModules(folder, metadata.normalize)),
    "config_sentence_transformers.json": json({
      model_type: "SentenceTransformer",
      prompts: {},
      default_prompt_name: null,
      similarity_fn_name: "cosine",
      // Read by Model2Vec.
      normalize: metadata.normalize,
    }),
    "README.md": modelCard(metadata, {
      library: "sentence-transformers",
      example: {
        language: "python",
        code: [
          "from sentence_transformers import SentenceTransformer",
          "",
          `model = SentenceTransformer("${metadata.name}", device="cpu")`,
          'vectors = model.encode(["a horse in the rain"])',
        ].join("\n"),
      },
    }),
  };
}
