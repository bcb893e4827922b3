/** Tables in the number types that other programs read. */
import type { TokenMapping } from "../../shared/artifact/token-mapping.ts";
import { quantizeRows } from "../table/quantize-rows.ts";
import type { OutgoingTensor } from "./safetensors-file.ts";

/** `int8` comes with one weight per token, which Model2Vec multiplies its row with. */
export const exportRowTypes = ["float32", "float16", "int8"] as const;
export type ExportRowType = (typeof exportRowTypes)[number];

/**
 * The tensors of a table: `name`, and for int8 `weights` beside it.
 *
 * Model2Vec's own 8 bits have one scale for the whole table, which the rows' very different norms make
 * coarse; a weight per row keeps the precision of nearvec's rows. Weights are F64 as Model2Vec writes them.
 *
 * @param rows count x dimensions values
 * @param mapping which row each token has, where tokens share rows: then there are `mapping` and `weights`
 */
export function tableTensors(
  name: string,
  rows: Float32Array,
  dimensions: number,
  type: ExportRowType,
  mapping: TokenMapping | null = null,
): OutgoingTensor[] {
  const shape = [rows.length / dimensions, dimensions];
  switch (type) {
    case "float32":
      return [...perToken(mapping), { name, type: "F32", shape, values: rows }];
    case "float16":
      return [...perToken(mapping), { name, type: "F16", shape, values: new Float16Array(rows) }];
    case "int8": {
      const { values, scales } = quantizeRows(rows, dimensions);
      return [...perToken(mapping, scales), { name, type: "I8", shape, values }];
    }
  }
}

/** Weights and mapping as far as there are any, with the types that Model2Vec writes. */
function perToken(mapping: TokenMapping | null, scales?: Float32Array): OutgoingTensor[] {
  if (mapping === null) return scales === undefined ? [] : [weightsTensor(Float64Array.from(scales))];
  const { rows, weights } = mapping;
  return [
    weightsTensor(Float64Array.from(weights, (weight, token) => weight * (scales?.[rows[token]!] ?? 1))),
    { name: "mapping", type: "I32", shape: [rows.length], values: Int32Array.from(rows) },
  ];
}

function weightsTensor(values: Float64Array): OutgoingTensor {
  return { name: "weights", type: "F64", shape: [values.length], values };
}
