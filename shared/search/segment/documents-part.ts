/** Parts that hold what users wrote, as JSON: read one document at a time, once it is found. */
import type { Metadata, SourceDocument } from "../collection/document.ts";
import { checkOffsets } from "./offsets.ts";
import { PartFile, writePart } from "./part-file.ts";

/** Bytes that a part aims at where a segment has few: what is read to show one document. */
const leastPartBytes = 1024 * 1024;

/** Parts that a segment aims at where it has more: each is a write to KV, and a publish may cost 20. */
const aimedParts = 7;

/** Bytes that a part aims at even so: ten of them, for ten answers, must fit an isolate beside the rest. */
const mostPartBytes = 4 * 1024 * 1024;

export interface DocumentsPart {
  /** Ordinal of the first document. */
  readonly first: number;
  readonly count: number;
  /** First byte of each document; one more element, the number of bytes. */
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
  readonly part: PartFile;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Documents in order, cut into parts. */
export function* writeDocumentsParts(
  documents: readonly SourceDocument[],
): Generator<{ readonly bytes: Uint8Array; readonly count: number }> {
  // The names of an EncodedDocument that are to be stored, and no others.
  const texts = documents.map(({ id, text, metadata }) =>
    encoder.encode(JSON.stringify({ id, text, metadata })),
  );
  const total = texts.reduce((sum, { length }) => sum + length, 0);
  const aim = Math.min(mostPartBytes, Math.max(leastPartBytes, Math.ceil(total / aimedParts)));
  for (let first = 0; first < texts.length; ) {
    let end = first;
    let size = 0;
    // At least one, however large: its limits keep it far below a KV value's.
    while (end < texts.length && (end === first || size + texts[end]!.length <= aim)) {
      size += texts[end]!.length;
      end++;
    }
    yield { bytes: writeDocumentsPart(first, texts.slice(first, end), size), count: end - first };
    first = end;
  }
}

function writeDocumentsPart(first: number, texts: readonly Uint8Array[], size: number): Uint8Array {
  const offsets = new Uint32Array(texts.length + 1);
  const bytes = new Uint8Array(size);
  texts.forEach((text, i) => {
    bytes.set(text, offsets[i]);
    offsets[i + 1] = offsets[i]! + text.length;
  });
  return writePart("documents", { first: `${first}` }, [
    { name: "offsets", type: "U32", data: offsets },
    { name: "bytes", type: "U8", data: bytes },
  ]);
}

/**
 * Views a documents part without parsing any document.
 *
 * @throws NearvecError artifact_invalid if it is no documents part, artifact_corrupt if it contradicts itself
 */
export function openDocumentsPart(bytes: Uint8Array): DocumentsPart {
  const part = new PartFile("documents", bytes);
  const content = part.tensor("bytes", "U8");
  const offsets = part.tensor("offsets", "U32");
  checkOffsets(part, "offsets", offsets, content.length);
  return { part, first: part.count("first"), count: offsets.length - 1, offsets, bytes: content };
}

/**
 * The document of an ordinal of the segment.
 *
 * @throws NearvecError artifact_corrupt if it is not in this part, or not a document
 */
export function documentAt(
  { part, first, count, offsets, bytes }: DocumentsPart,
  ordinal: number,
): SourceDocument {
  const index = ordinal - first;
  if (!(Number.isInteger(index) && index >= 0 && index < count)) {
    throw part.corrupt(`document ${ordinal}`, `documents ${first} to ${first + count - 1}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes.subarray(offsets[index], offsets[index + 1])));
  } catch {
    throw part.corrupt(`JSON as document ${ordinal}`, "something else");
  }
  if (!isDocument(value))
    throw part.corrupt(`id, text and metadata in document ${ordinal}`, "something else");
  return { id: value.id, text: value.text, metadata: value.metadata };
}

/**
 * Reads one document out of the bytes of its part.
 *
 * @param ordinal of the document in its segment
 * @throws NearvecError artifact_invalid, artifact_corrupt
 */
export function readDocumentsPart(bytes: Uint8Array, ordinal: number): SourceDocument {
  return documentAt(openDocumentsPart(bytes), ordinal);
}

function isRecord(value: unknown): value is Metadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDocument(value: unknown): value is SourceDocument {
  return (
    isRecord(value) &&
    typeof value.id === "string" &&
    typeof value.text === "string" &&
    isRecord(value.metadata)
  );
}
