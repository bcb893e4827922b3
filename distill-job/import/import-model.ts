/** From a published static model to the content of a model file. */

import packageJson from "../../package.json" with { type: "json" };
import type { ArtifactContent, Rows } from "../../shared/artifact/artifact-writer.ts";
import { defaultMaxLengthTokens } from "../../shared/limits.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { type HubListener, silentListener } from "../hub/hub-listener.ts";
import { isHubName, parseHubName } from "../hub/hub-name.ts";
import type { LocatedStaticModel } from "../hub/hub-static-model.ts";
import { storeRows } from "../table/store-rows.ts";
import type { ImportRowType } from "./import-row-types.ts";
import { readStaticDirectory } from "./static-directory.ts";
import { type ImportedRows, readStaticTable } from "./static-table.ts";

export interface ImportSettings {
  /** The name to serve it under; the directory's if not given. */
  readonly name?: string | undefined;
  /** How to store rows; as they come if not given: integers in 8 bits, everything else in float32. */
  readonly rows?: ImportRowType | undefined;
}

/**
 * Imports a static model of Model2Vec or Sentence Transformers: a directory, or `hf:org/name[@revision]`.
 *
 * Where tokens share rows, they go on sharing them, in whatever way the rows are stored.
 *
 * @param listener told of downloads from the hub
 * @throws NearvecError not_found, artifact_invalid, artifact_truncated, tokenizer_unsupported, and what the hub
 *   gives
 *
 * @example
 * ```ts
 * const content = await importModel("potion-base-8M", { rows: "int8" });
 * await writeFile("potion.safetensors", writeArtifact(content));
 * ```
 */
export async function importModel(
  source: string,
  settings: ImportSettings = {},
  listener: HubListener = silentListener,
): Promise<ArtifactContent> {
  return importStaticModel(await readStaticModel(source, listener), settings);
}

/** The same for a model that has been read. */
export function importStaticModel(files: LocatedStaticModel, settings: ImportSettings = {}): ArtifactContent {
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

async function readStaticModel(source: string, listener: HubListener): Promise<LocatedStaticModel> {
  if (!isHubName(source)) return readStaticDirectory(source);
  // Loaded only when it is needed: most runs have no use for the hub's library.
  const { hubAccess } = await import("../hub/hub-access.ts");
  const { HubRepository } = await import("../hub/hub-repository.ts");
  const { readHubStaticModel } = await import("../hub/hub-static-model.ts");
  return readHubStaticModel(await HubRepository.open(parseHubName(source), hubAccess(), listener));
}

function storeAs(rows: ImportedRows, dimensions: number, type: ImportRowType): Rows {
  if (rows.type === type) return rows;
  if (rows.type === "float32") return storeRows(rows.values, dimensions, type);
  const { values, scales } = rows;
  const unscaled = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / dimensions)]!);
  return storeRows(unscaled, dimensions, type);
}

function provenanceOf(files: LocatedStaticModel) {
  const { name, origin, modelSha256, tokenizerSha256, teacher, license } = files;
  return {
    imported_from: origin?.repo ?? name,
    ...(origin === undefined ? {} : { imported_revision: origin.commit }),
    imported_sha256: modelSha256,
    imported_tokenizer_sha256: tokenizerSha256,
    ...(teacher === undefined ? {} : { teacher }),
    ...(license === undefined ? {} : { license }),
    nearvec: packageJson.version,
  };
}
