/** A model as Transformers.js loads it: an ONNX file, its tokenizer, a config of type model2vec. */
import type { TokenizerJson, UnigramJson, WordPieceJson } from "../../shared/tokenizer/tokenizer-json.ts";
import type { DirectoryContent } from "./directory-content.ts";
import type { ExportedModel } from "./exported-model.ts";
import { modelCard } from "./model-card.ts";
import { json, model2vecConfig } from "./model2vec-directory.ts";
import { embeddingGraph } from "./onnx/embedding-graph.ts";
import { onnxFile } from "./onnx/onnx-model.ts";
import type { ExportRowType } from "./row-types.ts";

/** `dtype` of Transformers.js for a type of rows, and the name of the file that it then looks for. */
const variants: Record<ExportRowType, { readonly dtype: string; readonly file: string }> = {
  float32: { dtype: "fp32", file: "onnx/model.onnx" },
  float16: { dtype: "fp16", file: "onnx/model_fp16.onnx" },
  int8: { dtype: "q8", file: "onnx/model_quantized.onnx" },
};

/** The files of a directory that `AutoModel.from_pretrained` and `AutoTokenizer.from_pretrained` load. */
export function transformersJsDirectory(model: ExportedModel, rowType: ExportRowType): DirectoryContent {
  const { metadata, tokenizer } = model;
  const { dtype, file } = variants[rowType];
  return {
    [file]: onnxFile(embeddingGraph(model, rowType)),
    "tokenizer.json": JSON.stringify(tokenizer),
    "tokenizer_config.json": json({
      tokenizer_class: metadata.tokenizer.kind === "wordpiece" ? "BertTokenizer" : "PreTrainedTokenizer",
      model_max_length: metadata.maxLength,
      unk_token: unknownToken(tokenizer.model),
    }),
    "config.json": json(model2vecConfig(metadata, rowType)),
    "README.md": modelCard(metadata, {
      library: "transformers.js",
      example: { language: "js", code: example(metadata.name, dtype) },
    }),
  };
}

function unknownToken(model: TokenizerJson["model"]): string | undefined {
  if (model.type !== "Unigram") return (model as WordPieceJson).unk_token;
  const { vocab, unk_id: id } = model as UnigramJson;
  return id === null ? undefined : vocab[id]?.[0];
}

function example(name: string, dtype: string): string {
  return `import { AutoModel, AutoTokenizer, Tensor } from "@huggingface/transformers";

const model = await AutoModel.from_pretrained("${name}", { dtype: "${dtype}" });
const tokenizer = await AutoTokenizer.from_pretrained("${name}");

const texts = ["a horse in the rain", "an ambulance on its way"];
const { input_ids } = tokenizer(texts, { add_special_tokens: false, truncation: true, return_tensor: false });
let end = 0;
const offsets = input_ids.map((ids) => (end += ids.length) - ids.length);
const { embeddings } = await model({
  input_ids: new Tensor("int64", input_ids.flat(), [end]),
  offsets: new Tensor("int64", offsets, [texts.length]),
});`;
}
