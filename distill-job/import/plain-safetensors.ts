/**
 * Safetensors files of other programs: any names, the number types that models come in.
 * Format: https://github.com/huggingface/safetensors#format
 */
import { NearvecError } from "../../shared/errors.ts";

const elementBytes = { I8: 1, F16: 2, I32: 4, F32: 4, I64: 8, F64: 8 } as const;
export type PlainType = keyof typeof elementBytes;

/** A tensor with its numbers still as the file has them, little-endian. */
export interface PlainTensor {
  readonly type: PlainType;
  readonly shape: readonly number[];
  /** A buffer of its own, so that it can be seen as any kind of numbers. */
  readonly data: ArrayBuffer;
}

/**
 * Reads the named tensors, those of them that are there.
 *
 * @param path names the file in errors
 * @throws NearvecError artifact_invalid, artifact_truncated
 */
export function readPlainSafetensors(
  file: Uint8Array,
  names: readonly string[],
  path: string,
): Map<string, PlainTensor> {
  const { header, dataStart } = readHeader(file, path);
  const tensors = new Map<string, PlainTensor>();
  for (const name of names) {
    if (Object.hasOwn(header, name)) tensors.set(name, readTensor(file, dataStart, name, header[name], path));
  }
  return tensors;
}

/** Values of any floating-point or integer type as float64, which loses nothing of what models store. */
export function asNumbers({ type, data }: PlainTensor): Float64Array {
  switch (type) {
    case "F64":
      return new Float64Array(data);
    case "I64":
      return Float64Array.from(new BigInt64Array(data), Number);
    case "I32":
      return Float64Array.from(new Int32Array(data));
    default:
      return Float64Array.from(asRowValues({ type, data, shape: [] }));
  }
}

/** Values of a type that tables come in as float32, or as they are if they are integers. */
export function asRowValues({ type, data }: PlainTensor): Float32Array | Int8Array {
  switch (type) {
    case "I8":
      return new Int8Array(data);
    case "F16":
      return Float32Array.from(new Float16Array(data));
    case "F64":
      return Float32Array.from(new Float64Array(data));
    case "F32":
      return new Float32Array(data);
    default:
      throw new NearvecError(
        "artifact_invalid",
        `Expected embeddings of type F32, F16, F64 or I8, got ${type}. Save the model with one of these.`,
      );
  }
}

function readHeader(file: Uint8Array, path: string): { header: Record<string, unknown>; dataStart: number } {
  const length =
    file.length >= 8 ? new DataView(file.buffer, file.byteOffset).getBigUint64(0, true) : undefined;
  if (length === undefined || length > BigInt(file.length - 8)) {
    throw new NearvecError(
      "artifact_truncated",
      `Expected a whole safetensors file at ${path}, got ${file.length} bytes of one, or another file. Download it again.`,
      { param: path },
    );
  }
  const dataStart = 8 + Number(length);
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(file.subarray(8, dataStart)));
    if (typeof header === "object" && header !== null)
      return { header: header as Record<string, unknown>, dataStart };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new NearvecError(
    "artifact_invalid",
    `Expected a safetensors header of JSON in ${path}, got something else. Git LFS pointers must be fetched first.`,
    { param: path },
  );
}

function readTensor(
  file: Uint8Array,
  dataStart: number,
  name: string,
  entry: unknown,
  path: string,
): PlainTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    throw invalid(path, `tensor ${name} to be one of ${Object.keys(elementBytes).join(", ")}`, dtype);
  }
  const type = dtype as PlainType;
  if (!isSizes(shape)) throw invalid(path, `sizes as the shape of tensor ${name}`, shape);
  if (!isSizes(offsets) || offsets.length !== 2) throw invalid(path, `offsets of tensor ${name}`, offsets);
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, size) => product * size, elementBytes[type]);
  if (end - begin !== bytes) throw invalid(path, `${bytes} bytes of tensor ${name}`, end - begin);
  if (dataStart + end > file.length) {
    throw new NearvecError(
      "artifact_truncated",
      `Expected ${dataStart + end} bytes or more in ${path}, got ${file.length}. Download it again.`,
      { param: path },
    );
  }
  const data = new Uint8Array(bytes);
  data.set(file.subarray(dataStart + begin, dataStart + end));
  return { type, shape, data: data.buffer };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function invalid(path: string, expected: string, got: unknown): NearvecError {
  return new NearvecError(
    "artifact_invalid",
    `Expected ${expected} in ${path}, got ${JSON.stringify(got) ?? "none"}. The file is damaged or of an unknown kind.`,
    { param: path },
  );
}
