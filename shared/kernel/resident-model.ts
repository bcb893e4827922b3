/** Hands a loaded model file to its kernel: the addresses of its tables, and scratch to work in. */
import { embeddingsTensor, mappingTensor, scalesTensor, weightsTensor } from "../artifact/artifact-header.ts";
import type { LoadedArtifact } from "../artifact/artifact-reader.ts";
import type { RowType } from "../artifact/model-metadata.ts";
import { tokenizerTensorName } from "../artifact/tokenizer-header.ts";
import { NearvecError } from "../errors.ts";
import type { Kernel } from "./kernel.ts";
import * as slots from "./model-descriptor.ts";
import { bytesPerRow } from "./row-layout.ts";
import { describeTokenizer } from "./tokenizer-descriptor.ts";

/** UTF-8 bytes of text that a model is ready for when it is loaded: 512 tokens of English and more. */
const initialTextBytes = 16 * 1024;

const rowTypeNumbers: Readonly<Record<RowType, number>> = {
  int8: slots.rowTypeInt8,
  float32: slots.rowTypeFloat32,
  int4: slots.rowTypeInt4,
  int2: slots.rowTypeInt2,
  int1: slots.rowTypeInt1,
};

/**
 * Writes the descriptor and configures the kernel.
 * @throws NearvecError model_too_large if memory runs out
 */
export function configureKernel({ kernel, metadata, header, dataPointer }: LoadedArtifact): void {
  const { tensors } = header;
  const pointer = (name: string): number => dataPointer + (tensors.get(name)?.offset ?? 0);
  const descriptor = new Uint32Array(kernel.memory.buffer, kernel.descriptorPointer(), slots.descriptorSlots);
  descriptor[slots.slotRows] = metadata.rows;
  descriptor[slots.slotDimensions] = metadata.dimensions;
  descriptor[slots.slotRowType] = rowTypeNumbers[metadata.rowType];
  descriptor[slots.slotRowBytes] = bytesPerRow(metadata.rowType, metadata.dimensions);
  descriptor[slots.slotPoolingWindow] = metadata.poolingWindow;
  descriptor[slots.slotEmbeddingsPointer] = pointer(embeddingsTensor);
  descriptor[slots.slotScalesPointer] = pointer(scalesTensor);
  descriptor[slots.slotVocabularySize] = metadata.vocabularySize;
  descriptor[slots.slotMappingPointer] = metadata.mapped ? pointer(mappingTensor) : 0;
  descriptor[slots.slotWeightsPointer] = pointer(weightsTensor);
  describeTokenizer(descriptor, metadata, {
    pointer: (table) => pointer(tokenizerTensorName(table)),
    elements: (table) => tensors.get(tokenizerTensorName(table))?.shape[0] ?? 0,
  });
  descriptor[slots.slotScratchPointer] = dataPointer + header.dataBytes;

  if (!configure(kernel, metadata.name)) {
    throw new NearvecError("model_too_large", "Expected memory to work in beside the model, there is none.");
  }
}

function configure(kernel: Kernel, name: string): boolean {
  return trapsAsErrors(name, () => kernel.configure(initialTextBytes) !== 0);
}

/**
 * Runs the kernel on a model's tables. A trap means that a table says what no compiler wrote: the file was
 * made to mislead.
 *
 * @throws NearvecError artifact_invalid
 */
export function trapsAsErrors<Result>(name: string, call: () => Result): Result {
  try {
    return call();
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    throw new NearvecError(
      "artifact_invalid",
      `Expected consistent tables in model ${name}, they are not. Make it again with \`nearvec distill\`.`,
      { cause },
    );
  }
}
