/** FeatureTensor: what a pipeline gives back, with the fields that Transformers.js's `Tensor` is read by. */

interface TensorData {
  readonly float32: Float32Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
}

/** Lists of lists of numbers, as deep as a tensor has dimensions. */
export type NestedNumbers = number | NestedNumbers[];

export class FeatureTensor<Type extends keyof TensorData = keyof TensorData> {
  readonly type: Type;
  /** Row after row. */
  readonly data: TensorData[Type];
  /** E.g. texts, tokens, dimensions. */
  readonly dims: readonly number[];

  constructor(type: Type, data: TensorData[Type], dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }

  /** How many numbers there are. */
  get size(): number {
    return this.data.length;
  }

  tolist(): NestedNumbers[] {
    let level: NestedNumbers[] = Array.from(this.data);
    for (const length of this.dims.slice(1).reverse()) {
      const rows = length === 0 ? 0 : level.length / length;
      level = Array.from({ length: rows }, (_, row) => level.slice(row * length, (row + 1) * length));
    }
    return level;
  }
}

/** One bit a dimension, the first in the highest bit: 1 where the value is above 0. */
export function quantizeToBits(tensor: FeatureTensor<"float32">, signed: boolean): FeatureTensor {
  const [rows = 0, width = 0] = tensor.dims;
  const bytes = new Uint8Array(tensor.size / 8);
  tensor.data.forEach((value, i) => {
    if (value > 0) bytes[i >> 3]! |= 0x80 >> (i & 7);
  });
  const dims = [rows, width / 8];
  if (!signed) return new FeatureTensor("uint8", bytes, dims);
  return new FeatureTensor(
    "int8",
    Int8Array.from(bytes, (byte) => byte - 128),
    dims,
  );
}
