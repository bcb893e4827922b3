/** Takes in a segment that the command line has finished, if it holds nothing that a request could not have written. */
import { checkDocumentId } from "../../../shared/api/collections/document-id.ts";
import { checkMetadata } from "../../../shared/api/collections/metadata-field.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { checksumOf } from "../../../shared/kernel/checksum.ts";
import { maxDocumentCharacters, maxDocumentsPerSegment } from "../../../shared/limits.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import { partsOf } from "../../../shared/search/collection/segment-parts.ts";
import { decodeSegmentUpload, type SegmentUpload } from "../../../shared/search/collection/segment-upload.ts";
import { readCodesPart } from "../../../shared/search/index/codes-part.ts";
import { documentAt, openDocumentsPart } from "../../../shared/search/segment/documents-part.ts";
import { readIndexPart } from "../../../shared/search/segment/index-part-reader.ts";
import type { CollectionHost } from "../collection-host.ts";
import { describeWriter } from "./write-documents.ts";

/**
 * @returns the segment's name, how many documents it has, and the collection's count of writes with it
 * @throws NearvecError `collection_not_found`, `invalid_request` naming what is wrong
 */
export async function adoptSegment(
  name: string,
  body: Uint8Array,
  host: CollectionHost,
): Promise<{ segment: string; documents: number; sequence: number }> {
  const writer = host.writer(name);
  const { settings } = await describeWriter(name, writer);
  const upload = decodeSegmentUpload(body);
  await checkBytes(upload);
  try {
    checkContent(upload, settings);
    // The writer checks that the parts fit each other and the collection.
    const { sequence } = await writer.adopt(upload);
    return { segment: upload.segment.id, documents: upload.segment.documents, sequence };
  } catch (error) {
    if (!NearvecError.isInstance(error) || !error.code.startsWith("artifact_")) throw error;
    // Damage in KV is ours, in an upload it is the caller's.
    throw new NearvecError("invalid_request", error.message, { cause: error });
  }
}

/** Checks that every part is what its digest says. */
async function checkBytes({ segment, parts }: SegmentUpload): Promise<void> {
  if (segment.id !== segment.parts.index.sha256) throw invalid("its index part's digest as its name", "id");
  if (segment.deleted !== "") throw invalid("no document of it to be deleted", "deleted");
  for (const { sha256, checksum } of partsOf(segment)) {
    const bytes = parts.get(sha256)!;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
    if (digest.toHex() !== sha256) throw invalid("bytes that have this digest", sha256);
    if (checksumOf(bytes) !== checksum) throw invalid(`checksum ${checksum}`, sha256);
  }
}

function checkContent({ segment, parts }: SegmentUpload, { fields, dimensions }: CollectionSettings): void {
  const index = readIndexPart(parts.get(segment.parts.index.sha256)!);
  index.verify();
  if (index.documents < 1 || index.documents > maxDocumentsPerSegment) {
    throw invalid(`1 to ${maxDocumentsPerSegment} documents`, "documents");
  }
  if (segment.parts.codes !== null) {
    const codes = readCodesPart(parts.get(segment.parts.codes.sha256)!);
    if (codes.count !== segment.rows || codes.dimensions !== dimensions) {
      throw invalid(`codes of ${segment.rows} rows of ${dimensions} dimensions`, "codes");
    }
  }
  for (const { sha256 } of segment.parts.documents) {
    const part = openDocumentsPart(parts.get(sha256)!);
    for (let ordinal = part.first; ordinal < part.first + part.count; ordinal++) {
      const path = `documents[${ordinal}].`;
      const { id, text, metadata } = documentAt(part, ordinal);
      checkDocumentId(id, `${path}id`);
      checkMetadata(metadata, fields, `${path}metadata`);
      if (text.length > maxDocumentCharacters) {
        throw invalid(`texts of at most ${maxDocumentCharacters} UTF-16 units`, `${path}text`);
      }
    }
  }
}

function invalid(expected: string, param: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected of an uploaded segment ${expected}, got something else at ${param}. Upload segments with \`nearvec index\`, of the same version as the worker.`,
    { param },
  );
}
