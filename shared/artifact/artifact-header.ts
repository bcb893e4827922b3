/** From what a model is to what its file's header says, and back, with every number checked. */
import { NearvecError } from "../errors.ts";
import { maxPoolingWindow } from "../kernel/model-descriptor.ts";
import { bytesPerRow } from "../kernel/row-layout.ts";
import { maxDimensions, maxRows } from "../limits.ts";
import {
  formatVersion,
  type ModelMetadata,
  oldestFormatVersion,
  poolings,
  type RowType,
  rowTypes,
} from "./model-metadata.ts";
import type { ElementType, SafetensorsHeader, Tensor } from "./safetensors-header.ts";
import {
  checkTokenizerTables,
  parseTokenizerOptions,
  tokenizerTensorName,
  tokenizerTensors,
} from "./tokenizer-header.ts";

/** Tensors begin at multiples of this many bytes of the file: a cache line. */
export const tensorAlignmentBytes = 64;

/** Name of the table's tensor, and of its scales'. */
export const embeddingsTensor = "embeddings";
export const scalesTensor = "scales";

/** Where tokens share rows: the row of every token, and what it is multiplied by. Model2Vec's names. */
export const mappingTensor = "mapping";
export const weightsTensor = "weights";

/** The metadata field with the header's own checksum, and what stands there while it is computed. */
export const headerChecksumField = "header_checksum";
export const blankChecksum = "0".repeat(16);

/** What the header stores beside the tensors: strings only, as safetensors has it. */
export function encodeMetadata(
  metadata: ModelMetadata,
  checksums: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    format: "nearvec",
    format_version: String(metadata.formatVersion),
    name: metadata.name,
    dimensions: String(metadata.dimensions),
    rows: String(metadata.rows),
    ...(metadata.mapped ? { vocabulary_size: String(metadata.vocabularySize) } : {}),
    row_type: metadata.rowType,
    pooling: metadata.pooling,
    ...(metadata.poolingWindow === 0 ? {} : { pooling_window: String(metadata.poolingWindow) }),
    ...(metadata.rotated ? { rotated: "true" } : {}),
    normalize: String(metadata.normalize),
    max_length: String(metadata.maxLength),
    median_token_length: String(metadata.medianTokenLength),
    ...(metadata.unkTokenId === null ? {} : { unk_token_id: String(metadata.unkTokenId) }),
    tokenizer: JSON.stringify(metadata.tokenizer),
    provenance: JSON.stringify(metadata.provenance),
    checksums: JSON.stringify(checksums),
    [headerChecksumField]: blankChecksum,
  };
}

/**
 * Reads the metadata of a header and checks that its tensors are those that it promises.
 * @throws NearvecError artifact_invalid, artifact_version_unsupported
 */
export function decodeMetadata(header: SafetensorsHeader): ModelMetadata {
  const fields = header.metadata;
  if (fields.format !== "nearvec") {
    throw new NearvecError(
      "artifact_invalid",
      "Expected a nearvec model file, got another safetensors file. Make one with `nearvec distill`.",
    );
  }
  const version = wholeNumber(fields, "format_version", 1, Number.MAX_SAFE_INTEGER);
  if (version > formatVersion) {
    throw new NearvecError(
      "artifact_version_unsupported",
      `Expected a model file of format version ${formatVersion} or older, got ${version}. Update nearvec.`,
    );
  }
  if (version < oldestFormatVersion) {
    throw new NearvecError(
      "artifact_version_unsupported",
      `Expected a model file of format version ${oldestFormatVersion} or newer, got ${version}. Make it again with \`nearvec distill\` or \`nearvec import\`.`,
    );
  }
  const rows = wholeNumber(fields, "rows", 1, maxRows);
  const mapped = "vocabulary_size" in fields;
  const metadata: ModelMetadata = {
    formatVersion: version,
    name: field(fields, "name"),
    dimensions: wholeNumber(fields, "dimensions", 1, maxDimensions),
    vocabularySize: mapped ? wholeNumber(fields, "vocabulary_size", 1, maxRows) : rows,
    rows,
    mapped,
    rowType: oneOf(fields, "row_type", rowTypes),
    ...poolingOf(fields),
    rotated: "rotated" in fields && oneOf(fields, "rotated", ["true", "false"]) === "true",
    normalize: oneOf(fields, "normalize", ["true", "false"]) === "true",
    maxLength: wholeNumber(fields, "max_length", 1, 2 ** 31 - 1),
    medianTokenLength: wholeNumber(fields, "median_token_length", 1, 255),
    unkTokenId: "unk_token_id" in fields ? wholeNumber(fields, "unk_token_id", 0, maxRows - 1) : null,
    tokenizer: parseTokenizerOptions(jsonRecord(fields, "tokenizer"), invalid),
    provenance: jsonRecord(fields, "provenance", "string") as Record<string, string>,
  };
  checkTensors(header, metadata);
  return metadata;
}

/** The checksums that the header gives, one for every tensor. */
export function decodeChecksums(header: SafetensorsHeader): ReadonlyMap<string, string> {
  const checksums = new Map(Object.entries(jsonRecord(header.metadata, "checksums", "string"))) as Map<
    string,
    string
  >;
  for (const name of header.tensors.keys()) {
    if (!checksums.has(name)) throw invalid(`a checksum of tensor ${name}`, "none");
  }
  return checksums;
}

/** Element type and columns of the tensor that holds the rows. */
export function embeddingsLayout(
  rowType: RowType,
  dimensions: number,
): { readonly type: ElementType; readonly columns: number } {
  if (rowType === "int8") return { type: "I8", columns: dimensions };
  if (rowType === "float32") return { type: "F32", columns: dimensions };
  return { type: "U8", columns: bytesPerRow(rowType, dimensions) };
}

/** The window stands in the file only where there is one. */
function poolingOf(
  fields: Readonly<Record<string, string>>,
): Pick<ModelMetadata, "pooling" | "poolingWindow"> {
  const pooling = oneOf(fields, "pooling", poolings);
  if (pooling === "mean") return { pooling, poolingWindow: 0 };
  const poolingWindow = wholeNumber(fields, "pooling_window", 4, maxPoolingWindow);
  if (poolingWindow % 4 !== 0) throw invalid("pooling_window to be a multiple of 4", poolingWindow);
  return { pooling, poolingWindow };
}

function checkTensors(header: SafetensorsHeader, metadata: ModelMetadata): void {
  const { rows, vocabularySize, dimensions, rowType, mapped } = metadata;
  const { type, columns } = embeddingsLayout(rowType, dimensions);
  expectTensor(header, embeddingsTensor, type, [rows, columns]);
  if (rowType !== "float32") expectTensor(header, scalesTensor, "F32", [rows]);
  if (mapped) {
    const mapping = expectTensor(header, mappingTensor, "U32", [vocabularySize]);
    expectTensor(header, weightsTensor, "F32", [vocabularySize]);
    if (mapping.offset % tensorAlignmentBytes !== 0) {
      throw invalid(
        `tensor ${mappingTensor} at a multiple of ${tensorAlignmentBytes} bytes`,
        `byte ${mapping.offset}`,
      );
    }
  } else if (header.tensors.has(mappingTensor)) {
    throw invalid(`metadata field vocabulary_size beside tensor ${mappingTensor}`, "none");
  }
  const sizes: Record<string, number> = {};
  for (const [name, elementType] of Object.entries(tokenizerTensors[metadata.tokenizer.kind])) {
    sizes[name] = expectTensor(header, tokenizerTensorName(name), elementType).shape[0] ?? 0;
  }
  checkTokenizerTables(metadata, sizes, invalid);
}

function expectTensor(
  header: SafetensorsHeader,
  name: string,
  type: ElementType,
  shape?: readonly number[],
): Tensor {
  const tensor = header.tensors.get(name);
  if (tensor === undefined) throw invalid(`a tensor ${name}`, "none");
  if (tensor.type !== type) throw invalid(`tensor ${name} to be ${type}`, tensor.type);
  if (shape ? String(tensor.shape) !== String(shape) : tensor.shape.length !== 1) {
    throw invalid(`tensor ${name} to have shape [${shape ?? "n"}]`, `[${tensor.shape}]`);
  }
  return tensor;
}

function field(fields: Readonly<Record<string, string>>, name: string): string {
  const value = fields[name];
  if (value === undefined) throw invalid(`metadata field ${name}`, "none");
  return value;
}

function wholeNumber(
  fields: Readonly<Record<string, string>>,
  name: string,
  least: number,
  most: number,
): number {
  const text = field(fields, name);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw invalid(`${name} to be a whole number from ${least} to ${most}`, text);
  }
  return value;
}

function oneOf<const Name extends string>(
  fields: Readonly<Record<string, string>>,
  name: string,
  choices: readonly Name[],
): Name {
  const value = field(fields, name);
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw invalid(`${name} to be one of ${choices.join(", ")}`, value);
  return choice;
}

function jsonRecord(
  fields: Readonly<Record<string, string>>,
  name: string,
  valueType?: "string",
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(field(fields, name));
  } catch (cause) {
    throw new NearvecError(
      "artifact_invalid",
      `Expected JSON in the model file's field ${name}. It is damaged.`,
      { cause },
    );
  }
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isRecord || (valueType && Object.values(value as object).some((each) => typeof each !== valueType))) {
    throw invalid(`${name} to be an object${valueType ? ` of ${valueType}s` : ""}`, value);
  }
  return value as Record<string, unknown>;
}

function invalid(expected: string, got: unknown): NearvecError {
  const shown = (typeof got === "string" ? got : (JSON.stringify(got) ?? "nothing")).slice(0, 80);
  return new NearvecError(
    "artifact_invalid",
    `Expected ${expected}, got ${shown}. The model file is damaged.`,
  );
}
