/** Reads a model file back into the parts that it was made of: to refine, export or evaluate it. */
import { configureKernel } from "../kernel/resident-model.ts";
import { maxArtifactBytes } from "../limits.ts";
import type { CompiledTokenizer } from "../tokenizer/compiled-tokenizer.ts";
import { mappingTensor, weightsTensor } from "./artifact-header.ts";
import { type LoadedArtifact, readArtifact } from "./artifact-reader.ts";
import type { ModelMetadata } from "./model-metadata.ts";
import { type ElementType, elementBytes } from "./safetensors-header.ts";
import type { TokenMapping } from "./token-mapping.ts";
import { tokenizerTensorName, tokenizerTensors } from "./tokenizer-header.ts";

/** What a model file holds, rows of whatever type as float32. */
export interface ModelTable {
  readonly metadata: ModelMetadata;
  /**
   * rows x dimensions values, scales multiplied in: in the order of the token ids, unless there is a mapping.
   * `rowPerToken` gives a row for each token either way.
   */
  readonly rows: Float32Array;
  /** Which row each token has, where tokens share rows; else null. */
  readonly mapping: TokenMapping | null;
  /** As `compileTokenizer` made it: `writeArtifact` takes it for a changed table. */
  readonly tokenizer: CompiledTokenizer;
}

/**
 * Reads a model file, every checksum verified.
 *
 * @throws NearvecError artifact_truncated, artifact_corrupt, artifact_invalid, artifact_version_unsupported,
 *   model_too_large
 *
 * @example
 * ```ts
 * const { metadata, rows } = await readTable(await readFile("model.safetensors"));
 * const row7 = rows.subarray(7 * metadata.dimensions, 8 * metadata.dimensions);
 * ```
 */
export async function readTable(file: Uint8Array): Promise<ModelTable> {
  const artifact = await readArtifact({ chunks: [file], size: file.length }, maxArtifactBytes);
  // Before the kernel works, which may grow its memory and so detach what looks at it.
  const tokenizer = readTokenizer(artifact);
  const mapping = readMapping(artifact);
  return { metadata: artifact.metadata, rows: readRows(artifact), mapping, tokenizer };
}

/** The kernel unpacks the rows, each as a text of one token: whatever it can serve can be read back. */
function readRows(artifact: LoadedArtifact): Float32Array {
  const { kernel, metadata } = artifact;
  const { rows: count, dimensions } = metadata;
  // Without the mapping, an id is the number of a row.
  configureKernel({ ...artifact, metadata: { ...metadata, mapped: false, vocabularySize: count } });
  const { buffer } = kernel.memory;
  const id = new Uint32Array(buffer, kernel.idsPointer(), 1);
  const output = new Float32Array(buffer, kernel.outputPointer(), dimensions);
  const rows = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    id[0] = row;
    kernel.poolIds(0, 1, dimensions, 0);
    rows.set(output, row * dimensions);
  }
  return rows;
}

function readMapping({ kernel, header, metadata, dataPointer }: LoadedArtifact): TokenMapping | null {
  if (!metadata.mapped) return null;
  const bytesOf = (name: string): ArrayBuffer => {
    const { offset, byteLength } = header.tensors.get(name)!;
    return kernel.memory.buffer.slice(dataPointer + offset, dataPointer + offset + byteLength);
  };
  return {
    rows: new Uint32Array(bytesOf(mappingTensor)),
    weights: new Float32Array(bytesOf(weightsTensor)),
  };
}

function readTokenizer({ kernel, header, metadata, dataPointer }: LoadedArtifact): CompiledTokenizer {
  const { kind, ...options } = metadata.tokenizer;
  const table = (name: string): TypedArray => {
    const { type, offset, byteLength } = header.tensors.get(tokenizerTensorName(name))!;
    const from = dataPointer + offset;
    return asElements(type, kernel.memory.buffer.slice(from, from + byteLength));
  };
  return {
    kind,
    options,
    vocabularySize: metadata.vocabularySize,
    unkTokenId: metadata.unkTokenId,
    medianTokenLength: metadata.medianTokenLength,
    tables: Object.fromEntries(Object.keys(tokenizerTensors[kind]).map((name) => [name, table(name)])),
  } as unknown as CompiledTokenizer;
}

type TypedArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function asElements(type: ElementType, buffer: ArrayBuffer): TypedArray {
  switch (elementBytes[type]) {
    case 8:
      return new Float64Array(buffer);
    case 4:
      return new Uint32Array(buffer);
    case 2:
      return new Uint16Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}
