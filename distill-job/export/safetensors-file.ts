/**
 * Writes safetensors files for other programs.
 * Format: https://github.com/huggingface/safetensors#format
 */

export interface OutgoingTensor {
  readonly name: string;
  readonly type: "F64" | "F32" | "I32" | "F16" | "I8";
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

/**
 * Serializes tensors in the given order, the data beginning at a multiple of 8 bytes.
 * @param tensors wider types first, so that each is aligned
 */
export function safetensorsFile(tensors: readonly OutgoingTensor[]): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, type, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
  });
  // PyTorch's loader wants to know whose tensors they are; "pt" fits all.
  const header = { __metadata__: { format: "pt" }, ...Object.fromEntries(entries) };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}
