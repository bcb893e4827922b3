/** The header of a safetensors file with one tensor, `embeddings`. */
import type { NumberType } from "../../shared/embedding/number-types.ts";
import type { EmbeddedTexts } from "./embedded-texts.ts";
import { bytesOf, columnsOf } from "./row-columns.ts";

/** Bytes of the header, whatever is in it, so that it can be written later. */
export const rowsHeaderBytes = 1024;

const dtypes: Readonly<Record<NumberType, string>> = {
  float: "F32",
  int8: "I8",
  uint8: "U8",
  binary: "I8",
  ubinary: "U8",
};

/** UTF-16 units of the model's name at most: escaped, they still fit the header. */
const maxNameCharacters = 100;

/** Length in 64 bits, then JSON, filled up with spaces (safetensors/src/tensor.rs). */
export function rowsHeader({ model, texts, dimensions, type }: EmbeddedTexts): Uint8Array {
  const columns = columnsOf(dimensions, type);
  const json = JSON.stringify({
    __metadata__: { model: model.slice(0, maxNameCharacters), dimensions: String(dimensions), type },
    embeddings: {
      dtype: dtypes[type],
      shape: [texts, columns],
      data_offsets: [0, texts * columns * bytesOf(type)],
    },
  });
  const header = new Uint8Array(rowsHeaderBytes).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(rowsHeaderBytes - 8), true);
  header.set(new TextEncoder().encode(json), 8);
  return header;
}
