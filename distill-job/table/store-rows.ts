/** From a table of float32 to rows of the type that the file is to hold. */
import type { Rows } from "../../shared/artifact/artifact-writer.ts";
import { quantizeLowBitRows } from "./low-bit-rows.ts";
import { quantizeRows } from "./quantize-rows.ts";

/** @param values rows x dimensions, row-major, weights included */
export function storeRows(values: Float32Array, dimensions: number, type: Rows["type"]): Rows {
  if (type === "float32") return { type, values };
  if (type === "int8") return quantizeRows(values, dimensions);
  return quantizeLowBitRows(values, dimensions, type);
}
