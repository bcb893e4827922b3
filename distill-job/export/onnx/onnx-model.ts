/**
 * Models in ONNX: nodes, tensors and the graph that holds them, as bytes.
 * Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { bytesField, type Encoded, message, messageField, numberField, textField } from "./protobuf.ts";

/** Element types, with the numbers that ONNX has given them. */
export const elementTypes = { float32: 1, int8: 3, int64: 7, float16: 10 } as const;
export type OnnxElementType = keyof typeof elementTypes;

/** A constant of the graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxElementType;
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

/** One operation: https://onnx.ai/onnx/operators/ */
export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Whole numbers only. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** An input or output of the graph; a text as a size is one that may differ from call to call. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxElementType;
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
}

/** Operators are those of this version of the standard, of 2022: runtimes in use know it. */
const operatorSet = 17;
const intermediateRepresentation = 8;

/** Serializes a graph as an ONNX file. */
export function onnxFile(graph: OnnxGraph): Uint8Array {
  return message(
    numberField(1, intermediateRepresentation),
    textField(2, "nearvec"),
    messageField(
      7,
      ...graph.nodes.map((node) => messageField(1, ...nodeFields(node))),
      textField(2, graph.name),
      ...graph.constants.map((tensor) => messageField(5, ...tensorFields(tensor))),
      ...graph.inputs.map((value) => messageField(11, ...valueFields(value))),
      ...graph.outputs.map((value) => messageField(12, ...valueFields(value))),
    ),
    messageField(8, textField(1, ""), numberField(2, operatorSet)),
  );
}

function nodeFields({ operator, inputs, output, attributes = {} }: OnnxNode): Encoded[] {
  return [
    ...inputs.map((name) => textField(1, name)),
    textField(2, output),
    textField(3, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      messageField(5, textField(1, name), ...attributeFields(value)),
    ),
  ];
}

function attributeFields(value: number | readonly number[]): Encoded[] {
  const [typeInt, typeInts] = [2, 7];
  if (typeof value !== "number")
    return [...value.map((each) => numberField(8, each)), numberField(20, typeInts)];
  return [numberField(3, value), numberField(20, typeInt)];
}

function tensorFields({ name, type, shape, values }: OnnxTensor): Encoded[] {
  return [
    ...shape.map((size) => numberField(1, size)),
    numberField(2, elementTypes[type]),
    textField(8, name),
    bytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ];
}

function valueFields({ name, type, shape }: OnnxValue): Encoded[] {
  const sizes = shape.map((size) =>
    messageField(1, typeof size === "number" ? numberField(1, size) : textField(2, size)),
  );
  const tensorType = messageField(1, numberField(1, elementTypes[type]), messageField(2, ...sizes));
  return [textField(1, name), messageField(2, tensorType)];
}
