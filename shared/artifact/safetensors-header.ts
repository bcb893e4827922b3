/**
 * The safetensors container: 8 bytes of header length, a JSON header, then the tensors one after the other.
 * Format: https://github.com/huggingface/safetensors#format
 */
import { NearvecError } from "../errors.ts";
import { maxArtifactHeaderBytes } from "../limits.ts";

/** Bytes before the JSON: the header's length as a little-endian u64. */
export const lengthPrefixBytes = 8;

/** Element types that nearvec reads and writes, with their size in bytes. */
export const elementBytes = { U8: 1, I8: 1, U16: 2, U32: 4, F32: 4, F64: 8 } as const;
export type ElementType = keyof typeof elementBytes;

/** One tensor: where it is in the data that follows the header. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Bytes from the first byte after the header. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Bytes of all tensors together. */
  readonly dataBytes: number;
}

/** Serializes a header, filled up with spaces so that the data begins at a multiple of `alignment`. */
export function serializeHeader(
  metadata: Readonly<Record<string, string>>,
  tensors: readonly Tensor[],
  alignment: number,
): Uint8Array {
  const entries = tensors.map(({ name, type, shape, offset, byteLength }) => [
    name,
    { dtype: type, shape, data_offsets: [offset, offset + byteLength] },
  ]);
  const json = new TextEncoder().encode(
    JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }),
  );
  const length = Math.ceil((lengthPrefixBytes + json.length) / alignment) * alignment - lengthPrefixBytes;
  const header = new Uint8Array(length).fill(0x20);
  header.set(json);
  return header;
}

/**
 * Reads the header's length from the first 8 bytes of a file.
 *
 * @param kind what the file should be, for the error
 * @throws NearvecError artifact_invalid if no header of nearvec's can be that long
 */
export function readHeaderLength(prefix: Uint8Array, kind = "model file"): number {
  const length = new DataView(prefix.buffer, prefix.byteOffset, lengthPrefixBytes).getBigUint64(0, true);
  if (length < 2n || length > BigInt(maxArtifactHeaderBytes)) {
    throw new NearvecError(
      "artifact_invalid",
      `Expected a safetensors header of 2 to ${maxArtifactHeaderBytes} bytes, the file's first 8 bytes say ${length}. This is no ${kind} of nearvec's, or it is damaged.`,
    );
  }
  return Number(length);
}

/**
 * Parses a header and checks that its tensors fill the data exactly, each where the one before ends.
 *
 * @param kind what the file should be, for the error
 * @throws NearvecError artifact_invalid
 */
export function parseHeader(bytes: Uint8Array, kind = "model file"): SafetensorsHeader {
  const invalid = (message: string, cause?: unknown): NearvecError =>
    new NearvecError(
      "artifact_invalid",
      `${message}. The ${kind} is damaged or was not made by nearvec.`,
      cause === undefined ? {} : { cause },
    );
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch (cause) {
    throw invalid("Expected JSON in the header", cause);
  }
  if (!isRecord(json)) throw invalid(`Expected an object as the header, got ${describe(json)}`);
  const { __metadata__: metadata = {}, ...entries } = json;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw invalid("Expected __metadata__ to map strings to strings");
  }
  const tensors = Object.entries(entries)
    .map(([name, entry]) => parseTensor(name, entry, invalid))
    .sort((left, right) => left.offset - right.offset || left.byteLength - right.byteLength);
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.offset !== end) {
      throw invalid(`Expected tensor ${tensor.name} to begin at byte ${end}, it begins at ${tensor.offset}`);
    }
    end += tensor.byteLength;
  }
  return {
    metadata: metadata as Record<string, string>,
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    dataBytes: end,
  };
}

function parseTensor(name: string, entry: unknown, invalid: (message: string) => NearvecError): Tensor {
  if (!isRecord(entry)) throw invalid(`Expected tensor ${name} to be an object, got ${describe(entry)}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    throw invalid(
      `Expected tensor ${name} to be one of ${Object.keys(elementBytes).join(", ")}, got ${describe(dtype)}`,
    );
  }
  if (!isSizes(shape))
    throw invalid(`Expected the shape of tensor ${name} to be sizes, got ${describe(shape)}`);
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw invalid(`Expected two data_offsets for tensor ${name}, got ${describe(offsets)}`);
  }
  const type = dtype as ElementType;
  const [begin, end] = offsets as [number, number];
  const byteLength = shape.reduce((product, size) => product * size, elementBytes[type]);
  if (end - begin !== byteLength) {
    throw invalid(
      `Expected ${byteLength} bytes for tensor ${name} of shape [${shape}], its offsets span ${end - begin}`,
    );
  }
  return { name, type, shape, offset: begin, byteLength };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}
