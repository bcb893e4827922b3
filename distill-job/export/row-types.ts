/** Tables in the number types that other programs read. */
import { quantizeRows } from "../table/quantize-rows.ts";
import type { OutgoingTensor } from "./safetensors-file.ts";

/** `int8` comes with one weight per row, which Model2Vec multiplies it with. */
export const exportRowTypes = ["float32", "float16", "int8"] as const;
export type ExportRowType = (typeof exportRowTypes)[number];

/**
 * The tensors of a table: `name`, and for int8 `weights` beside it.
 *
 * Model2Vec's own 8 bits have one scale for the whole table, which the rows' very different norms make
 * coarse; a weight per row keeps the precision of nearvec's rows. Weights are F64 as Model2Vec writes them.
 *
 * @param rows count x dimensions values
 */
export function tableTensors(
  name: string,
  rows: Float32Array,
  dimensions: number,
  type: ExportRowType,
): OutgoingTensor[] {
  const count = rows.length / dimensions;
  const shape = [count, dimensions];
  switch (type) {
    case "float32":
      return [{ name, type: "F32", shape, values: rows }];
    case "float16":
      return [{ name, type: "F16", shape, values: new Float16Array(rows) }];
    case "int8": {
      const { values, scales } = quantizeRows(rows, dimensions);
      return [
        { name: "weights", type: "F64", shape: [count], values: Float64Array.from(scales) },
        { name, type: "I8", shape, values },
      ];
    }
  }
}
