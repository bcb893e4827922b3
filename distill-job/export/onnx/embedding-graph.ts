/**
 * A static model as an ONNX graph, with the inputs and the output that Transformers.js has for model2vec:
 * the token ids of all texts one after the other, where each text begins, and one vector per text.
 */
import { quantizeRows } from "../../table/quantize-rows.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { ExportRowType } from "../row-types.ts";
import type { OnnxGraph, OnnxNode, OnnxTensor } from "./onnx-model.ts";

/**
 * The graph: mean of the rows of a text's tokens, the unknown token left out, divided by its norm + 1e-32 if
 * the model normalizes. A text without tokens gives zeros.
 *
 * Texts are told apart by a matrix of texts x tokens with ones where a token belongs to a text, times the
 * rows: no loop, and every runtime has a fast product of matrices.
 */
export function embeddingGraph({ metadata, rows }: ExportedModel, rowType: ExportRowType): OnnxGraph {
  const { dimensions, normalize, unkTokenId, name } = metadata;
  const table = tokenRows(rows, dimensions, rowType);
  const means = normalize ? "means" : "embeddings";
  return {
    name,
    inputs: [
      { name: "input_ids", type: "int64", shape: ["tokens"] },
      { name: "offsets", type: "int64", shape: ["texts"] },
    ],
    outputs: [{ name: "embeddings", type: "float32", shape: ["texts", dimensions] }],
    constants: [
      ...table.constants,
      // No token has this id where unknown ones count like all others.
      integers("unknown_id", [unkTokenId ?? -1], []),
      integers("zero", [0], []),
      integers("one", [1], []),
      integers("axis_1", [1], [1]),
      integers("from_second", [1], [1]),
      integers("to_last", [Number.MAX_SAFE_INTEGER], [1]),
      floats("one_float", 1),
      ...(normalize ? [floats("tiny", 1e-32)] : []),
    ],
    nodes: [
      ...table.nodes,
      // Which token is a known one.
      node("Equal", ["input_ids", "unknown_id"], "is_unknown"),
      node("Not", ["is_unknown"], "is_known"),
      // Where every text begins and ends.
      node("Shape", ["input_ids"], "token_count"),
      node("Unsqueeze", ["offsets", "axis_1"], "begins"),
      node("Slice", ["offsets", "from_second", "to_last"], "later_begins"),
      node("Concat", ["later_begins", "token_count"], "flat_ends", { axis: 0 }),
      node("Unsqueeze", ["flat_ends", "axis_1"], "ends"),
      // texts x tokens: does the token belong to the text?
      node("Squeeze", ["token_count"], "token_count_scalar"),
      node("Range", ["zero", "token_count_scalar", "one"], "positions"),
      node("GreaterOrEqual", ["positions", "begins"], "is_after_begin"),
      node("Less", ["positions", "ends"], "is_before_end"),
      node("And", ["is_after_begin", "is_before_end"], "is_within"),
      node("And", ["is_within", "is_known"], "belongs"),
      node("Cast", ["belongs"], "membership", { to: 1 }),
      // The mean, and its direction.
      node("MatMul", ["membership", "rows"], "sums"),
      node("ReduceSum", ["membership", "axis_1"], "counts", { keepdims: 1 }),
      node("Max", ["counts", "one_float"], "divisors"),
      node("Div", ["sums", "divisors"], means),
      ...(normalize
        ? [
            node("ReduceL2", ["means"], "norms", { axes: [1], keepdims: 1 }),
            node("Add", ["norms", "tiny"], "safe_norms"),
            node("Div", ["means", "safe_norms"], "embeddings"),
          ]
        : []),
    ],
  };
}

/** Constants and nodes that lead from `input_ids` to `rows`: tokens x dimensions float32. */
function tokenRows(
  rows: Float32Array,
  dimensions: number,
  type: ExportRowType,
): { constants: OnnxTensor[]; nodes: OnnxNode[] } {
  const count = rows.length / dimensions;
  const shape = [count, dimensions];
  const gather = (table: string, output: string): OnnxNode =>
    node("Gather", [table, "input_ids"], output, { axis: 0 });
  const cast = node("Cast", ["stored_rows"], type === "int8" ? "unscaled_rows" : "rows", { to: 1 });
  switch (type) {
    case "float32":
      return { constants: [{ name: "table", type, shape, values: rows }], nodes: [gather("table", "rows")] };
    case "float16":
      return {
        constants: [{ name: "table", type, shape, values: new Float16Array(rows) }],
        nodes: [gather("table", "stored_rows"), cast],
      };
    case "int8": {
      const { values, scales } = quantizeRows(rows, dimensions);
      return {
        constants: [
          { name: "table", type, shape, values },
          { name: "scales", type: "float32", shape: [count, 1], values: scales },
        ],
        nodes: [
          gather("table", "stored_rows"),
          cast,
          gather("scales", "row_scales"),
          node("Mul", ["unscaled_rows", "row_scales"], "rows"),
        ],
      };
    }
  }
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes?: OnnxNode["attributes"],
): OnnxNode {
  return attributes === undefined ? { operator, inputs, output } : { operator, inputs, output, attributes };
}

function integers(name: string, values: readonly number[], shape: readonly number[]): OnnxTensor {
  return { name, type: "int64", shape, values: BigInt64Array.from(values, BigInt) };
}

function floats(name: string, value: number): OnnxTensor {
  return { name, type: "float32", shape: [], values: Float32Array.of(value) };
}
