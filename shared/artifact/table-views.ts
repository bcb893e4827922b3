/** The tokenizer's tables of a loaded model, looked at where they are in the kernel's memory. */
import type { PieceTables } from "../tokenizer/token-pieces.ts";
import type { LoadedArtifact } from "./artifact-reader.ts";
import { tokenizerTensorName } from "./tokenizer-header.ts";

/** Views that are good until the kernel's memory grows. A table that the model lacks is empty. */
export function tableViews({ kernel, header, dataPointer }: LoadedArtifact): PieceTables {
  const { buffer } = kernel.memory;
  const find = (table: string) => {
    const tensor = header.tensors.get(tokenizerTensorName(table));
    return { from: dataPointer + (tensor?.offset ?? 0), byteLength: tensor?.byteLength ?? 0 };
  };
  return {
    bytes: (table) => {
      const { from, byteLength } = find(table);
      return new Uint8Array(buffer, from, byteLength);
    },
    words: (table) => {
      const { from, byteLength } = find(table);
      return new Uint32Array(buffer, from, byteLength / Uint32Array.BYTES_PER_ELEMENT);
    },
  };
}
