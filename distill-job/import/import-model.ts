/** From a published static model to the content of a model file. */

import packageJson from "../../package.json" with { type: "json" };
import type { ArtifactContent, Rows } from "../../shared/artifact/artifact-writer.ts";
import { NearvecError } from "../../shared/errors.ts";
import { defaultMaxLengthTokens } from "../../shared/limits.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { type HubListener, silentListener } from "../hub/hub-listener.ts";
import { isHubName, parseHubName } from "../hub/hub-name.ts";
import type { LocatedStaticModel } from "../hub/hub-static-model.ts";
import { storeRows } from "../table/store-rows.ts";
import { asNumbers, asRowValues, type PlainTensor, readPlainSafetensors } from "./plain-safetensors.ts";
import { readStaticDirectory, type StaticDirectory } from "./static-directory.ts";

/** Rows as other programs have them. */
type ImportedRows = Extract<Rows, { type: "int8" | "float32" }>;

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
 * Imports a static model of Model2Vec or Sentence Transformers: a directory, or `hf:org/name[@revision]`.
 *
 * The row of a token is `embeddings[mapping[token]] x weights[token]`, where the file has a mapping and
 * weights (model2vec 0.8, `StaticModel._encode_helper`).
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
  const { rows, dimensions } = readRows(files, tokenizer.vocabularySize);
  return {
    name: settings.name ?? files.name,
    rows: storeAs(rows, dimensions, settings.rows ?? rows.type),
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

function readRows(files: StaticDirectory, tokens: number): { rows: ImportedRows; dimensions: number } {
  const { tableName, modelPath } = files;
  const tensors = readPlainSafetensors(files.model, [tableName, "mapping", "weights"], modelPath);
  const table = tensors.get(tableName);
  if (table === undefined) throw invalid(`a tensor ${tableName} in ${modelPath}`, "none");
  const [count, dimensions] = table.shape;
  if (table.shape.length !== 2 || count === undefined || dimensions === undefined) {
    throw invalid(`${tableName} of shape [rows, dimensions] in ${modelPath}`, `[${table.shape}]`);
  }
  const mapping = perToken(tensors, "mapping", tokens);
  const weights = perToken(tensors, "weights", tokens);
  if (mapping === undefined && count !== tokens) {
    throw invalid(
      `a row for each of the ${tokens} tokens of tokenizer.json`,
      `${count} rows in ${modelPath}`,
    );
  }
  const outside = mapping?.find((row) => !(Number.isInteger(row) && row >= 0 && row < count));
  if (outside !== undefined) throw invalid(`a mapping to rows 0 to ${count - 1} in ${modelPath}`, outside);
  return { rows: rowPerToken(asRowValues(table), dimensions, tokens, mapping, weights), dimensions };
}

function perToken(
  tensors: ReadonlyMap<string, PlainTensor>,
  name: string,
  tokens: number,
): Float64Array | undefined {
  const tensor = tensors.get(name);
  if (tensor === undefined) return undefined;
  if (tensor.shape.length === 1 && tensor.shape[0] === tokens) return asNumbers(tensor);
  throw invalid(`${name} for each of the ${tokens} tokens of tokenizer.json`, `shape [${tensor.shape}]`);
}

/** Integers stay integers, with the weights as their scales. */
function rowPerToken(
  table: Float32Array | Int8Array,
  dimensions: number,
  tokens: number,
  mapping: Float64Array | undefined,
  weights: Float64Array | undefined,
): ImportedRows {
  const rowOf = (token: number): Float32Array | Int8Array => {
    const start = (mapping?.[token] ?? token) * dimensions;
    return table.subarray(start, start + dimensions);
  };
  const weightOf = (token: number): number => weights?.[token] ?? 1;
  const scalable = weights?.every((weight) => weight >= 0) ?? true;
  if (table instanceof Int8Array && scalable) {
    const values = new Int8Array(tokens * dimensions);
    for (let token = 0; token < tokens; token++) values.set(rowOf(token), token * dimensions);
    return { type: "int8", values, scales: Float32Array.from({ length: tokens }, (_, i) => weightOf(i)) };
  }
  const values = new Float32Array(tokens * dimensions);
  for (let token = 0; token < tokens; token++) {
    const weight = weightOf(token);
    rowOf(token).forEach((value, i) => {
      values[token * dimensions + i] = value * weight;
    });
  }
  return { type: "float32", values };
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

function invalid(expected: string, got: unknown): NearvecError {
  return new NearvecError(
    "artifact_invalid",
    `Expected ${expected}, got ${got}. Download the whole model again.`,
  );
}
