/** A part of a segment as a safetensors file whose tensors begin at multiples of 64 bytes, and how to look into one. */
import { tensorAlignmentBytes } from "../../artifact/artifact-header.ts";
import {
  type ElementType,
  elementBytes,
  lengthPrefixBytes,
  parseHeader,
  readHeaderLength,
  serializeHeader,
  type Tensor,
} from "../../artifact/safetensors-header.ts";
import { NearvecError } from "../../errors.ts";

/** What a part can be, with the `format` that its metadata says. */
export const partFormats = {
  index: "nearvec-index-1",
  rows: "nearvec-rows-1",
  codes: "nearvec-codes-1",
  documents: "nearvec-documents-1",
} as const;
export type PartKind = keyof typeof partFormats;

interface ElementArrays {
  readonly U8: Uint8Array;
  readonly I8: Int8Array;
  readonly U16: Uint16Array;
  readonly U32: Uint32Array;
  readonly F32: Float32Array;
  readonly F64: Float64Array;
}

/** A tensor on its way into a part. */
export interface PartTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly data: ElementArrays[ElementType];
  /** One dimension if not given. */
  readonly shape?: readonly number[];
}

/** Serializes a part. The same content gives the same bytes. */
export function writePart(
  kind: PartKind,
  metadata: Readonly<Record<string, string>>,
  content: readonly PartTensor[],
): Uint8Array {
  const tensors: Tensor[] = [];
  const data: ArrayBufferView[] = [];
  let end = 0;
  const append = ({ name, type, data: elements, shape }: PartTensor): void => {
    const { byteLength } = elements;
    tensors.push({ name, type, shape: shape ?? [elements.length], offset: end, byteLength });
    data.push(elements);
    end += byteLength;
  };
  for (const tensor of content) {
    const missing = -end & (tensorAlignmentBytes - 1);
    // The format allows no gaps, so they are tensors too.
    if (missing > 0) append({ name: `padding.${tensors.length}`, type: "U8", data: new Uint8Array(missing) });
    append(tensor);
  }
  const header = serializeHeader({ format: partFormats[kind], ...metadata }, tensors, tensorAlignmentBytes);
  const start = lengthPrefixBytes + header.length;
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, lengthPrefixBytes);
  tensors.forEach(({ offset }, i) => {
    const { buffer, byteOffset, byteLength } = data[i]!;
    file.set(new Uint8Array(buffer, byteOffset, byteLength), start + offset);
  });
  return file;
}

/** The bytes of a part, by the names of its tensors. Whatever it says of itself is checked when it is asked for. */
export class PartFile {
  readonly kind: PartKind;
  /** The whole file; a copy of the bytes given only if they began at an odd address. */
  readonly bytes: Uint8Array;
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #tensors: ReadonlyMap<string, Tensor>;
  readonly #dataStart: number;

  /** @throws NearvecError artifact_invalid if it is no part of this kind, artifact_corrupt if it is incomplete */
  constructor(kind: PartKind, bytes: Uint8Array) {
    const description = `${kind} part`;
    this.kind = kind;
    if (bytes.length < lengthPrefixBytes) {
      throw this.corrupt(`at least ${lengthPrefixBytes} bytes`, `${bytes.length}`);
    }
    const headerBytes = readHeaderLength(bytes, description);
    this.#dataStart = lengthPrefixBytes + headerBytes;
    if (bytes.length < this.#dataStart) {
      throw this.corrupt(`a header of ${headerBytes} bytes`, `${bytes.length - lengthPrefixBytes}`);
    }
    const header = parseHeader(bytes.subarray(lengthPrefixBytes, this.#dataStart), description);
    if (header.metadata.format !== partFormats[kind]) {
      throw new NearvecError(
        "artifact_invalid",
        `Expected ${description} of format ${partFormats[kind]}, got ${header.metadata.format ?? "none"}. It is another kind of part, or of another version of nearvec.`,
      );
    }
    if (bytes.length !== this.#dataStart + header.dataBytes) {
      throw this.corrupt(`${this.#dataStart + header.dataBytes} bytes`, `${bytes.length}`);
    }
    this.#metadata = header.metadata;
    this.#tensors = header.tensors;
    // Typed arrays begin at multiples of their elements' size.
    this.bytes = bytes.byteOffset % Float64Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  }

  /** A whole number of the metadata, at least 0. */
  count(name: string): number {
    const text = this.text(name);
    const value = Number(text);
    if (!/^\d{1,10}$/.test(text) || value > 0xffff_ffff) {
      throw this.corrupt(`a whole number of 32 bits as ${name}`, JSON.stringify(text.slice(0, 40)));
    }
    return value;
  }

  /** A string of the metadata. */
  text(name: string): string {
    const value = Object.hasOwn(this.#metadata, name) ? this.#metadata[name] : undefined;
    if (value === undefined) throw this.corrupt(`${name} in its metadata`, "none");
    return value;
  }

  /** Whether it has a tensor: for those that need not be there. */
  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Bytes from the beginning of the file to a tensor: for those who keep the file elsewhere. */
  byteOffset(name: string): number {
    return this.#dataStart + this.#tensor(name).offset;
  }

  /**
   * The elements of a tensor, without a copy.
   *
   * @param length elements that it must have; any number if not given
   */
  tensor<Type extends ElementType>(name: string, type: Type, length?: number): ElementArrays[Type] {
    const tensor = this.#tensor(name);
    if (tensor.type !== type) throw this.corrupt(`tensor ${name} to be ${type}`, tensor.type);
    const count = tensor.byteLength / elementBytes[type];
    if (length !== undefined && count !== length) {
      throw this.corrupt(`${length} elements in tensor ${name}`, `${count}`);
    }
    if (tensor.offset % elementBytes[type] !== 0 || this.#dataStart % tensorAlignmentBytes !== 0) {
      throw this.corrupt(
        `tensor ${name} at a multiple of ${tensorAlignmentBytes} bytes`,
        `${this.#dataStart + tensor.offset}`,
      );
    }
    const { buffer, byteOffset } = this.bytes;
    return view(type, buffer, byteOffset + this.#dataStart + tensor.offset, count) as ElementArrays[Type];
  }

  /** An error that says what this part should have been. */
  corrupt(expected: string, got: string): NearvecError {
    return new NearvecError(
      "artifact_corrupt",
      `Expected ${expected} in the ${this.kind} part, got ${got}. It is damaged.`,
    );
  }

  #tensor(name: string): Tensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw this.corrupt(`tensor ${name}`, "none");
    return tensor;
  }
}

function view(type: ElementType, buffer: ArrayBufferLike, offset: number, length: number): ArrayBufferView {
  switch (type) {
    case "U8":
      return new Uint8Array(buffer, offset, length);
    case "I8":
      return new Int8Array(buffer, offset, length);
    case "U16":
      return new Uint16Array(buffer, offset, length);
    case "U32":
      return new Uint32Array(buffer, offset, length);
    case "F32":
      return new Float32Array(buffer, offset, length);
    case "F64":
      return new Float64Array(buffer, offset, length);
  }
}
