/** From a published static model to the content of a model file. */

import packageJson from "../../package.json" with { type: "json" };
import type { ArtifactContent, Rows } from "../../shared/artifact/artifact-writer.ts";
import { defaultMaxLengthTokens } from "../../shared/limits.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { storeRows } from "../table/store-rows.ts";
import { readStaticDirectory, type StaticDirectory } from "./static-directory.ts";
import { type ImportedRows, readStaticTable } from "./static-table.ts";

/** 2 and 1 bits are not among them: they need rows that were refined for it. */
export const importRowTypes = ["float32", "int8", "int4"] as const;
export type ImportRowType = (typeof importRowTypes)[number];

export interface ImportSettings {
  /** The name to serve it under; the directory's if not given. */
  readonly name?: string | undefined;
  /** How to store rows; as they come if not given: integers in 8 bits, everything else in float32. */
  readonly rows?: ImportRowType | undefined;
}

/**
 * Imports the directory of a Model2Vec or Sentence Transformers static model.
 *
 * Where tokens share rows, they go on sharing them, in whatever way the rows are stored.
 *
 * @throws NearvecError not_found, artifact_invalid, artifact_truncated, tokenizer_unsupported
 *
 * @example
 * ```ts
 * const content = await importModel("potion-base-8M", { rows: "int8" });
 * await writeFile("potion.safetensors", writeArtifact(content));
 * ```
 */
export async function importModel(
  directory: string,
  settings: ImportSettings = {},
): Promise<ArtifactContent> {
  const files = await readStaticDirectory(directory);
  const tokenizer = compileTokenizer(files.tokenizer);
  const { rows, dimensions, mapping } = readStaticTable(files, tokenizer.vocabularySize);
  return {
    name: settings.name ?? files.name,
    rows: storeAs(rows, dimensions, settings.rows ?? rows.type),
    ...(mapping && { mapping }),
    dimensions,
    tokenizer,
    normalize: files.normalize,
    maxLength: defaultMaxLengthTokens,
    provenance: provenanceOf(files),
  };
}

function storeAs(rows: ImportedRows, dimensions: number, type: ImportRowType): Rows {
  if (rows.type === type) return rows;
  if (rows.type === "float32") return storeRows(rows.values, dimensions, type);
  const { values, scales } = rows;
  const unscaled = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / dimensions)]!);
  return storeRows(unscaled, dimensions, type);
}

function provenanceOf({ name, modelSha256, tokenizerSha256, teacher, license }: StaticDirectory) {
  return {
    imported_from: name,
    imported_sha256: modelSha256,
    imported_tokenizer_sha256: tokenizerSha256,
    ...(teacher === undefined ? {} : { teacher }),
    ...(license === undefined ? {} : { license }),
    nearvec: packageJson.version,
  };
}
