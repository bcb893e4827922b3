/** A kernel that only tokenizes. */
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import type { CompiledTokenizer } from "../../shared/tokenizer/compiled-tokenizer.ts";

/** The kernel tokenizes for a table; one of a single dimension will do. */
export function tokenizerAlone(tokenizer: CompiledTokenizer): Promise<StaticModel> {
  const rows = tokenizer.vocabularySize;
  const file = writeArtifact({
    name: "tokenizer",
    rows: { type: "int8", values: new Int8Array(rows), scales: new Float32Array(rows) },
    dimensions: 1,
    tokenizer,
    normalize: false,
    maxLength: 1,
    provenance: {},
  });
  return StaticModel.load(file);
}
