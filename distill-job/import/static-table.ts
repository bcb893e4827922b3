/** The table of a published static model: rows, and who has which. */
import type { Rows } from "../../shared/artifact/artifact-writer.ts";
import { type TokenMapping, tokenWithoutRow } from "../../shared/artifact/token-mapping.ts";
import { NearvecError } from "../../shared/errors.ts";
import { asNumbers, asRowValues, type PlainTensor, readPlainSafetensors } from "./plain-safetensors.ts";
import type { StaticDirectory } from "./static-directory.ts";

/** Rows as other programs have them. */
export type ImportedRows = Extract<Rows, { type: "int8" | "float32" }>;

export interface StaticTable {
  readonly rows: ImportedRows;
  readonly dimensions: number;
  /** Which row each token has, where tokens share rows; else null. */
  readonly mapping: TokenMapping | null;
}

/**
 * Reads the table out of a static model's files.
 *
 * The vector of a token is `embeddings[mapping[token]] x weights[token]`, where the file has a mapping and
 * weights (model2vec 0.8, `StaticModel._encode_helper`). Without a mapping, weights go into the rows.
 *
 * @param tokens of the model's tokenizer
 * @throws NearvecError artifact_invalid, artifact_truncated
 */
export function readStaticTable(
  { tableName, modelPath, model }: Pick<StaticDirectory, "tableName" | "modelPath" | "model">,
  tokens: number,
): StaticTable {
  const tensors = readPlainSafetensors(model, [tableName, "mapping", "weights"], modelPath);
  const table = tensors.get(tableName);
  if (table === undefined) throw invalid(`a tensor ${tableName} in ${modelPath}`, "none");
  const [count, dimensions] = table.shape;
  if (table.shape.length !== 2 || count === undefined || dimensions === undefined) {
    throw invalid(`${tableName} of shape [rows, dimensions] in ${modelPath}`, `[${table.shape}]`);
  }
  const mapping = perToken(tensors, "mapping", tokens);
  const weights = perToken(tensors, "weights", tokens);
  const values = asRowValues(table);
  if (mapping !== undefined) {
    const rows = rowNumbers(mapping, count, modelPath);
    return {
      rows: unweighted(values, count),
      dimensions,
      mapping: { rows, weights: Float32Array.from(weights ?? new Float32Array(tokens).fill(1)) },
    };
  }
  if (count !== tokens) {
    throw invalid(
      `a row for each of the ${tokens} tokens of tokenizer.json`,
      `${count} rows in ${modelPath}`,
    );
  }
  return { rows: weighted(values, dimensions, count, weights), dimensions, mapping: null };
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

function rowNumbers(mapping: Float64Array, count: number, modelPath: string): Uint32Array {
  const rows = Uint32Array.from(mapping);
  // What is no u32 has become another number.
  const changed = mapping.find((row, token) => row !== rows[token]);
  const outside = changed ?? mapping[tokenWithoutRow(rows, count) ?? -1];
  if (outside !== undefined) throw invalid(`a mapping to rows 0 to ${count - 1} in ${modelPath}`, outside);
  return rows;
}

function unweighted(values: Float32Array | Int8Array, count: number): ImportedRows {
  return values instanceof Int8Array
    ? { type: "int8", values, scales: new Float32Array(count).fill(1) }
    : { type: "float32", values };
}

/** Integers stay integers, with the weights as their scales, which cannot be negative. */
function weighted(
  values: Float32Array | Int8Array,
  dimensions: number,
  count: number,
  weights: Float64Array | undefined,
): ImportedRows {
  if (weights === undefined) return unweighted(values, count);
  if (values instanceof Int8Array && weights.every((weight) => weight >= 0)) {
    return { type: "int8", values, scales: Float32Array.from(weights) };
  }
  return {
    type: "float32",
    values: Float32Array.from(values, (value, i) => value * weights[Math.floor(i / dimensions)]!),
  };
}

function invalid(expected: string, got: unknown): NearvecError {
  return new NearvecError(
    "artifact_invalid",
    `Expected ${expected}, got ${got}. Download the whole model again.`,
  );
}
