/** Writes a model file: one valid safetensors file, tokenizer first, rows last. */
import { NearvecError } from "../errors.ts";
import { checksumOf } from "../kernel/checksum.ts";
import { maxPoolingWindow } from "../kernel/model-descriptor.ts";
import type { PackedRowType } from "../kernel/row-layout.ts";
import { maxDimensions, maxRows } from "../limits.ts";
import type { CompiledTokenizer } from "../tokenizer/compiled-tokenizer.ts";
import {
  blankChecksum,
  embeddingsLayout,
  embeddingsTensor,
  encodeMetadata,
  headerChecksumField,
  mappingTensor,
  scalesTensor,
  tensorAlignmentBytes,
  weightsTensor,
} from "./artifact-header.ts";
import { formatVersion, type ModelMetadata, type Pooling } from "./model-metadata.ts";
import {
  type ElementType,
  elementBytes,
  lengthPrefixBytes,
  serializeHeader,
  type Tensor,
} from "./safetensors-header.ts";
import { type TokenMapping, tokenWithoutRow } from "./token-mapping.ts";
import { tokenizerTensorName, tokenizerTensors } from "./tokenizer-header.ts";

/** The rows of a table, row after row; in the order of the token ids, unless tokens share rows. */
export type Rows =
  | {
      readonly type: "int8";
      /** rows x dimensions */
      readonly values: Int8Array;
      /** One per row, none of them negative: a row's vector is its values times its scale. */
      readonly scales: Float32Array;
    }
  | {
      readonly type: PackedRowType;
      /** rows x bytesPerRow, as `packRows` makes them. */
      readonly values: Uint8Array;
      /** One per row, none of them negative: a row's vector is what its elements stand for times its scale. */
      readonly scales: Float32Array;
    }
  | { readonly type: "float32" /** rows x dimensions */; readonly values: Float32Array };

/** Tokens of a window of distinct pooling: about two sentences. */
export const defaultPoolingWindow = 32;

/** Everything that a model file holds. */
export interface ArtifactContent {
  /** The name that it is served under. */
  readonly name: string;
  readonly rows: Rows;
  /** Which row each token has, where tokens share rows; every token has its own if not given. */
  readonly mapping?: TokenMapping;
  readonly dimensions: number;
  readonly tokenizer: CompiledTokenizer;
  /** `mean` if not given. */
  readonly pooling?: Pooling;
  /** Tokens of a window of distinct pooling, a multiple of 4; 32 if not given. */
  readonly poolingWindow?: number;
  /** Whether the dimensions were rotated, so that vectors cannot be truncated; false if not given. */
  readonly rotated?: boolean;
  /** Whether vectors are divided by their L2 norm unless the caller says otherwise. */
  readonly normalize: boolean;
  /** Tokens pooled per text unless the caller says otherwise. */
  readonly maxLength: number;
  /** Where the model comes from: teacher, licence, digests, options. */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * Serializes a model. The same content gives the same bytes.
 *
 * @throws NearvecError artifact_invalid if the parts do not fit together
 *
 * @example
 * ```ts
 * const rows = { type: "int8", values, scales } as const;
 * const bytes = writeArtifact({
 *   name: "mine", rows, dimensions: 256, tokenizer, normalize: true, maxLength: 512, provenance: {},
 * });
 * ```
 */
export function writeArtifact(content: ArtifactContent): Uint8Array {
  const metadata = metadataOf(content);
  const tensors = layOut(content, metadata);
  const checksums = Object.fromEntries(tensors.map(({ tensor, bytes }) => [tensor.name, checksumOf(bytes)]));
  const header = serializeHeader(
    encodeMetadata(metadata, checksums),
    tensors.map(({ tensor }) => tensor),
    tensorAlignmentBytes,
  );
  signHeader(header);

  const dataStart = lengthPrefixBytes + header.length;
  const last = tensors.at(-1)!.tensor;
  const file = new Uint8Array(dataStart + last.offset + last.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, lengthPrefixBytes);
  for (const { tensor, bytes } of tensors) file.set(bytes, dataStart + tensor.offset);
  return file;
}

interface TensorContent {
  readonly tensor: Tensor;
  readonly bytes: Uint8Array;
}

/** Puts the tensors one after the other, with a tensor of zeros wherever the next would not be aligned. */
function layOut(content: ArtifactContent, metadata: ModelMetadata): TensorContent[] {
  const tensors: TensorContent[] = [];
  let end = 0;
  const append = (name: string, type: ElementType, shape: readonly number[], data: ArrayBufferView): void => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    tensors.push({ tensor: { name, type, shape, offset: end, byteLength: bytes.length }, bytes });
    end += bytes.length;
  };
  const align = (): void => {
    const missing = -end & (tensorAlignmentBytes - 1);
    if (missing > 0) append(`padding.${tensors.length}`, "U8", [missing], new Uint8Array(missing));
  };

  const { kind, tables } = content.tokenizer;
  for (const [table, type] of Object.entries(tokenizerTensors[kind])) {
    const values = (tables as unknown as Readonly<Record<string, ArrayBufferView>>)[table]!;
    append(tokenizerTensorName(table), type, [values.byteLength / elementBytes[type]], values);
    align();
  }
  const { rows, mapping } = content;
  if (mapping !== undefined) {
    append(mappingTensor, "U32", [metadata.vocabularySize], mapping.rows);
    align();
    append(weightsTensor, "F32", [metadata.vocabularySize], mapping.weights);
    align();
  }
  if (rows.type !== "float32") {
    append(scalesTensor, "F32", [metadata.rows], rows.scales);
    align();
  }
  const { type, columns } = embeddingsLayout(rows.type, metadata.dimensions);
  append(embeddingsTensor, type, [metadata.rows, columns], rows.values);
  return tensors;
}

function metadataOf(content: ArtifactContent): ModelMetadata {
  const { tokenizer, rows, dimensions, mapping } = content;
  const { vocabularySize } = tokenizer;
  const check = (expected: string, got: number, holds: boolean): void => {
    if (!holds) throw new NearvecError("artifact_invalid", `Expected ${expected}, got ${got}.`);
  };
  check(
    `1 to ${maxDimensions} dimensions`,
    dimensions,
    Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= maxDimensions,
  );
  check(
    `1 to ${maxRows} tokens`,
    vocabularySize,
    Number.isInteger(vocabularySize) && vocabularySize >= 1 && vocabularySize <= maxRows,
  );
  const { columns } = embeddingsLayout(rows.type, dimensions);
  // Where tokens share rows, there are as many as their values make.
  const count = mapping === undefined ? vocabularySize : Math.floor(rows.values.length / columns);
  check(`1 to ${maxRows} rows`, count, count >= 1 && count <= maxRows);
  check(`${count} x ${columns} values`, rows.values.length, rows.values.length === count * columns);
  if (rows.type !== "float32") {
    check(`${count} scales`, rows.scales.length, rows.scales.length === count);
    const negative = rows.scales.find((scale) => !(scale >= 0 && Number.isFinite(scale)));
    check("finite scales of at least 0", negative ?? 0, negative === undefined);
  } else {
    const infinite = rows.values.find((value) => !Number.isFinite(value));
    check("finite values", infinite ?? 0, infinite === undefined);
  }
  if (mapping !== undefined) {
    for (const { length } of [mapping.rows, mapping.weights]) {
      check(`rows and weights of ${vocabularySize} tokens`, length, length === vocabularySize);
    }
    const token = tokenWithoutRow(mapping.rows, count);
    check(`a mapping to rows 0 to ${count - 1}`, mapping.rows[token ?? 0]!, token === undefined);
    const infinite = mapping.weights.find((weight) => !Number.isFinite(weight));
    check("finite weights", infinite ?? 0, infinite === undefined);
  }
  const poolingWindow = content.pooling === "distinct" ? (content.poolingWindow ?? defaultPoolingWindow) : 0;
  check(
    `a pooling window of 4 to ${maxPoolingWindow} tokens, a multiple of 4`,
    poolingWindow,
    content.pooling !== "distinct" ||
      (poolingWindow >= 4 && poolingWindow <= maxPoolingWindow && poolingWindow % 4 === 0),
  );
  check("a max length of at least 1", content.maxLength, content.maxLength >= 1);
  return {
    formatVersion,
    name: content.name,
    dimensions,
    vocabularySize,
    rows: count,
    mapped: mapping !== undefined,
    rowType: rows.type,
    pooling: content.pooling ?? "mean",
    poolingWindow,
    rotated: content.rotated ?? false,
    normalize: content.normalize,
    maxLength: content.maxLength,
    medianTokenLength: tokenizer.medianTokenLength,
    tokenizer: { kind: tokenizer.kind, ...tokenizer.options } as ModelMetadata["tokenizer"],
    unkTokenId: tokenizer.unkTokenId,
    provenance: content.provenance,
  };
}

/** Puts the header's checksum in the place of its blank. */
function signHeader(header: Uint8Array): void {
  const checksum = checksumOf(header);
  const blank = `"${headerChecksumField}":"${blankChecksum}"`;
  const at =
    new TextDecoder("latin1").decode(header).indexOf(blank) + blank.length - 1 - blankChecksum.length;
  header.set(new TextEncoder().encode(checksum), at);
}
