/** A model that nearvec and Transformers.js can both run: a transformer of nothing but its table of token vectors. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onnxFile } from "../../distill-job/export/onnx/onnx-model.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { fixedNoise, tinyTokenizerJson } from "../support/tiny-model.ts";

const dimensions = 16;
const tokenizer = tinyTokenizerJson();
const { vocab } = tokenizer.model as { readonly vocab: Readonly<Record<string, number>> };
const shape = [Object.keys(vocab).length, dimensions];

/** Rows of length far from 1; padding is zero, as it is in nearvec. */
const table = fixedNoise(shape[0]! * dimensions).map((value, i) => (i < dimensions ? 0 : value));

/** As nearvec loads it. */
export function asArtifact(): Uint8Array {
  return writeArtifact({
    name: "table",
    rows: { type: "float32", values: table },
    dimensions,
    tokenizer: compileTokenizer(tokenizer),
    normalize: true,
    maxLength: 512,
    provenance: {},
  });
}

/** As Transformers.js loads it. */
export async function writeForTransformers(folder: string): Promise<void> {
  const files: Record<string, string | Uint8Array> = {
    "config.json": JSON.stringify({ model_type: "bert", architectures: ["BertModel"] }),
    "tokenizer.json": JSON.stringify(tokenizer),
    "tokenizer_config.json": JSON.stringify({
      tokenizer_class: "BertTokenizer",
      model_max_length: 512,
      pad_token: "[PAD]",
      unk_token: "[UNK]",
    }),
    "onnx/model.onnx": onnxFile({
      name: "table",
      inputs: [{ name: "input_ids", type: "int64", shape: ["texts", "tokens"] }],
      outputs: [{ name: "last_hidden_state", type: "float32", shape: ["texts", "tokens", dimensions] }],
      constants: [{ name: "table", type: "float32", shape, values: table }],
      nodes: [
        {
          operator: "Gather",
          inputs: ["table", "input_ids"],
          output: "last_hidden_state",
          attributes: { axis: 0 },
        },
      ],
    }),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
