/**
 * A finished segment in one request body: 4 bytes with the length of a JSON header (little-endian), the header,
 * then the parts in the order of `partsOf`, each beginning at a multiple of 64 bytes.
 */
import { NearvecError } from "../../errors.ts";
import { maxKvValueBytes } from "../../limits.ts";
import type { PartReference, SegmentReference } from "./manifest.ts";
import { partsOf } from "./segment-parts.ts";

/** A document of an uploaded segment, in the segment's order. */
export interface UploadedDocument {
  readonly id: string;
  readonly contentHash: string;
}

export interface SegmentUpload {
  readonly segment: SegmentReference;
  readonly documents: readonly UploadedDocument[];
  /** By their SHA-256. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

const lengthBytes = 4;
const alignment = 64;

/** Serializes an upload. */
export function encodeSegmentUpload({ segment, documents, parts }: SegmentUpload): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ segment, documents }));
  const references = partsOf(segment);
  const { starts, end } = placesOf(header.length, references);
  const bytes = new Uint8Array(end);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, lengthBytes);
  references.forEach((reference, i) => {
    const part = parts.get(reference.sha256);
    if (part?.length !== reference.bytes) {
      throw new RangeError(
        `Expected part ${reference.sha256} of ${reference.bytes} bytes, got ${part?.length}`,
      );
    }
    bytes.set(part, starts[i]!);
  });
  return bytes;
}

/**
 * Reads an upload without copying its parts. Whether a part is what its digest says is for the caller to check,
 * and so is everything in the header but the sizes.
 *
 * @throws NearvecError invalid_request if the sizes do not add up
 */
export function decodeSegmentUpload(bytes: Uint8Array): SegmentUpload {
  const headerLength =
    bytes.length < lengthBytes ? Number.NaN : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (!(lengthBytes + headerLength <= bytes.length)) {
    throw invalid(`Expected a header of ${headerLength} bytes, the body has ${bytes.length}`);
  }
  const { segment, documents } = parseHeader(bytes.subarray(lengthBytes, lengthBytes + headerLength));
  const references = partsOf(segment);
  const { starts, end } = placesOf(headerLength, references);
  if (end !== bytes.length) throw invalid(`Expected ${end} bytes, as its header says, got ${bytes.length}`);
  const parts = new Map(
    references.map(({ sha256, bytes: length }, i) => [
      sha256,
      bytes.subarray(starts[i]!, starts[i]! + length),
    ]),
  );
  return { segment, documents, parts };
}

function placesOf(
  headerLength: number,
  references: readonly PartReference[],
): { starts: number[]; end: number } {
  let end = lengthBytes + headerLength;
  const starts = references.map(({ bytes }) => {
    const start = Math.ceil(end / alignment) * alignment;
    end = start + bytes;
    return start;
  });
  return { starts, end };
}

function parseHeader(bytes: Uint8Array): Pick<SegmentUpload, "segment" | "documents"> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch (cause) {
    throw invalid("Expected JSON in UTF-8 as the header", cause);
  }
  const { segment, documents } = (header ?? {}) as { segment?: SegmentReference; documents?: unknown };
  const parts = segment?.parts;
  const wellFormed =
    parts !== undefined &&
    parts !== null &&
    Array.isArray(parts.rows) &&
    Array.isArray(parts.documents) &&
    partsOf({ parts }).every(isPartReference) &&
    Array.isArray(documents) &&
    documents.every(isUploadedDocument);
  if (segment === undefined || !wellFormed) {
    throw invalid("Expected a segment with its parts, and its documents, in the header");
  }
  return { segment, documents: documents as UploadedDocument[] };
}

function isPartReference(value: unknown): value is PartReference {
  if (typeof value !== "object" || value === null) return false;
  const { sha256, bytes, checksum, count } = value as Partial<Record<keyof PartReference, unknown>>;
  const isCount = (number: unknown): boolean => Number.isSafeInteger(number) && (number as number) >= 0;
  return (
    typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof checksum === "string" &&
    /^[0-9a-f]{16}$/.test(checksum) &&
    isCount(count) &&
    isCount(bytes) &&
    (bytes as number) <= maxKvValueBytes
  );
}

function isUploadedDocument(value: unknown): value is UploadedDocument {
  const { id, contentHash } = (value ?? {}) as Partial<Record<keyof UploadedDocument, unknown>>;
  return typeof id === "string" && typeof contentHash === "string";
}

function invalid(message: string, cause?: unknown): NearvecError {
  return new NearvecError(
    "invalid_request",
    `${message}. Upload segments with \`nearvec index\`, of the same version as the worker.`,
    { cause },
  );
}
