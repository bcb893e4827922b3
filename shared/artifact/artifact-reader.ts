/**
 * Reads a model file as it arrives. Every chunk is copied once, to where the kernel will read it; what
 * the header says is checked before any memory is taken for it, and every byte before it is used.
 */
import { NearvecError } from "../errors.ts";
import { checksumInPlace } from "../kernel/checksum.ts";
import { growMemory, instantiateKernel, type Kernel } from "../kernel/kernel.ts";
import {
  blankChecksum,
  decodeChecksums,
  decodeMetadata,
  headerChecksumField,
  mappingTensor,
  tensorAlignmentBytes,
} from "./artifact-header.ts";
import type { ModelMetadata } from "./model-metadata.ts";
import type { Chunks } from "./model-source.ts";
import {
  lengthPrefixBytes,
  parseHeader,
  readHeaderLength,
  type SafetensorsHeader,
} from "./safetensors-header.ts";
import { tokenWithoutRow } from "./token-mapping.ts";

/** A model file in the memory of a kernel that does not know of it yet. */
export interface LoadedArtifact {
  readonly kernel: Kernel;
  readonly metadata: ModelMetadata;
  readonly header: SafetensorsHeader;
  /** Address of the first tensor, a multiple of 64. */
  readonly dataPointer: number;
}

/**
 * Reads a whole model file into a fresh kernel.
 *
 * @param maxBytes bytes of the largest file to accept
 * @throws NearvecError artifact_truncated, artifact_corrupt, artifact_invalid, artifact_version_unsupported,
 *   model_too_large
 */
export async function readArtifact({ chunks, size }: Chunks, maxBytes: number): Promise<LoadedArtifact> {
  const incoming = new ArtifactAssembler(size, maxBytes);
  for await (const chunk of chunks) incoming.push(chunk);
  return incoming.finish();
}

/** Takes chunks of any size in order; `finish` verifies what has come. */
class ArtifactAssembler {
  readonly #expectedSize: number | undefined;
  readonly #maxBytes: number;
  readonly #kernel = instantiateKernel();
  /** The length prefix and the header, until they are complete. */
  #head = new Uint8Array(lengthPrefixBytes);
  #received = 0;
  #artifact: LoadedArtifact | undefined;
  /** The kernel's memory; made anew when memory has grown. */
  #memory = new Uint8Array(0);

  constructor(expectedSize: number | undefined, maxBytes: number) {
    this.#expectedSize = expectedSize;
    this.#maxBytes = maxBytes;
    if (expectedSize !== undefined) this.#checkSize(expectedSize);
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (this.#artifact === undefined && rest.length > 0) {
      const taken = rest.subarray(0, this.#head.length - this.#received);
      this.#head.set(taken, this.#received);
      this.#received += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#received === lengthPrefixBytes && this.#head.length === lengthPrefixBytes)
        this.#makeRoomForHeader();
      if (this.#received === this.#head.length) this.#readHeader();
    }
    if (this.#artifact === undefined || rest.length === 0) return;
    const { dataPointer, header } = this.#artifact;
    const at = this.#received - this.#head.length;
    if (at + rest.length > header.dataBytes) {
      throw new NearvecError(
        "artifact_invalid",
        `Expected a model file of ${this.#head.length + header.dataBytes} bytes, more came. It is damaged.`,
      );
    }
    this.#memory.set(rest, dataPointer + at);
    this.#received += rest.length;
  }

  finish(): LoadedArtifact {
    if (
      this.#artifact === undefined ||
      this.#received < this.#head.length + this.#artifact.header.dataBytes
    ) {
      const expected = this.#artifact
        ? this.#head.length + this.#artifact.header.dataBytes
        : this.#head.length;
      throw truncated(expected, this.#received);
    }
    const { kernel, header, dataPointer } = this.#artifact;
    const checksums = decodeChecksums(header);
    for (const { name, offset, byteLength } of header.tensors.values()) {
      if (checksumInPlace(kernel, dataPointer + offset, byteLength) !== checksums.get(name)) {
        throw corrupt(`tensor ${name}`);
      }
    }
    checkMapping(this.#artifact);
    return this.#artifact;
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#maxBytes) return;
    throw new NearvecError(
      "model_too_large",
      `Expected a model file of at most ${this.#maxBytes} bytes, got ${bytes}. Distill with fewer dimensions or int8 rows.`,
    );
  }

  #makeRoomForHeader(): void {
    const total = lengthPrefixBytes + readHeaderLength(this.#head);
    if (this.#expectedSize !== undefined && total > this.#expectedSize)
      throw truncated(total, this.#expectedSize);
    const head = new Uint8Array(total);
    head.set(this.#head);
    this.#head = head;
  }

  #readHeader(): void {
    const bytes = this.#head.subarray(lengthPrefixBytes);
    const header = parseHeader(bytes);
    const metadata = decodeMetadata(header);
    this.#verifyHeader(bytes, header.metadata[headerChecksumField] ?? "");

    const total = this.#head.length + header.dataBytes;
    this.#checkSize(total);
    if (this.#expectedSize !== undefined && total > this.#expectedSize)
      throw truncated(total, this.#expectedSize);
    const alignment = tensorAlignmentBytes;
    const dataPointer = Math.ceil(this.#kernel.heapPointer() / alignment) * alignment;
    if (!growMemory(this.#kernel, dataPointer + header.dataBytes)) {
      throw new NearvecError(
        "model_too_large",
        `Expected ${total} bytes of memory for the model, there is less.`,
      );
    }
    this.#memory = new Uint8Array(this.#kernel.memory.buffer);
    this.#artifact = { kernel: this.#kernel, metadata, header, dataPointer };
  }

  /** The header's checksum was computed with zeros in its own place. */
  #verifyHeader(bytes: Uint8Array, checksum: string): void {
    const unsigned = bytes.slice();
    const needle = `"${headerChecksumField}":"${checksum}"`;
    const at = new TextDecoder("latin1").decode(bytes).indexOf(needle);
    if (at < 0 || checksum.length !== blankChecksum.length) throw corrupt("its header");
    unsigned.set(new TextEncoder().encode(blankChecksum), at + needle.length - 1 - blankChecksum.length);
    const pointer = this.#kernel.heapPointer();
    if (!growMemory(this.#kernel, pointer + unsigned.length)) throw corrupt("its header");
    new Uint8Array(this.#kernel.memory.buffer).set(unsigned, pointer);
    if (checksumInPlace(this.#kernel, pointer, unsigned.length) !== checksum) throw corrupt("its header");
  }
}

/** A checksum says that the file is as it was written, not that its rows are there. */
function checkMapping({ kernel, metadata, header, dataPointer }: LoadedArtifact): void {
  if (!metadata.mapped) return;
  const { offset } = header.tensors.get(mappingTensor)!;
  const mapping = new Uint32Array(kernel.memory.buffer, dataPointer + offset, metadata.vocabularySize);
  const token = tokenWithoutRow(mapping, metadata.rows);
  if (token === undefined) return;
  throw new NearvecError(
    "artifact_invalid",
    `Expected a mapping to rows 0 to ${metadata.rows - 1}, got row ${mapping[token]} for token ${token}. Make the model again.`,
  );
}

function truncated(expected: number, got: number): NearvecError {
  return new NearvecError(
    "artifact_truncated",
    `Expected a model file of ${expected} bytes, got ${got}. Download or upload it again.`,
  );
}

function corrupt(part: string): NearvecError {
  return new NearvecError(
    "artifact_corrupt",
    `Expected the checksum of ${part} to match, it does not: the model file is damaged. Download or upload it again.`,
  );
}
