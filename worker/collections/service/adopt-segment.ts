/** Takes in a segment that the command line has finished: what it says of itself is checked before anything is kept. */
import { checkDocumentId } from "../../../shared/api/collections/document-id.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { checksumOf } from "../../../shared/kernel/checksum.ts";
import { maxDocumentsPerSegment } from "../../../shared/limits.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { PartReference } from "../../../shared/search/collection/manifest.ts";
import { partsOf } from "../../../shared/search/collection/segment-parts.ts";
import { decodeSegmentUpload, type SegmentUpload } from "../../../shared/search/collection/segment-upload.ts";
import { fieldsOf } from "../../../shared/search/segment/column.ts";
import { documentAt, openDocumentsPart } from "../../../shared/search/segment/documents-part.ts";
import { type IndexView, readIndexPart } from "../../../shared/search/segment/index-part-reader.ts";
import { readRowsPart } from "../../../shared/search/segment/rows-part.ts";
import type { CollectionHost } from "../collection-host.ts";
import { describeWriter } from "./write-documents.ts";

/**
 * @returns the segment's name, how many documents it has, and the collection's count of writes with it
 * @throws NearvecError `collection_not_found`, `invalid_request` naming the part that is wrong
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
  checkContent(upload, settings);
  const { sequence } = await writer.adopt(upload);
  return { segment: upload.segment.id, documents: upload.segment.documents, sequence };
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

/** Checks that the parts belong together and to the collection, so that no reader will stumble over them. */
function checkContent(upload: SegmentUpload, settings: CollectionSettings): void {
  const { segment, documents, parts } = upload;
  try {
    const view = readIndexPart(parts.get(segment.parts.index.sha256)!);
    view.verify();
    checkCounts(upload, view);
    if (JSON.stringify(view.fields) !== JSON.stringify(fieldsOf(settings.fields))) {
      throw invalid("the fields that the collection declares", "fields");
    }
    documents.forEach(({ id }, i) => {
      if (checkDocumentId(id, `documents[${i}].id`) !== view.idOf(i)) {
        throw invalid(`document ${i} to be ${JSON.stringify(view.idOf(i))}`, `documents[${i}].id`);
      }
    });
    checkRows(upload, settings.dimensions);
    checkDocuments(upload, view);
  } catch (error) {
    if (!NearvecError.isInstance(error) || error.status < 500) throw error;
    // Damage in KV is ours, in an upload it is the caller's.
    throw new NearvecError("invalid_request", error.message, { cause: error });
  }
}

function checkCounts({ segment, documents }: SegmentUpload, view: IndexView): void {
  for (const what of ["documents", "entries", "rows", "words"] as const) {
    if (segment[what] !== view[what]) throw invalid(`${view[what]} ${what}, as its index has`, what);
  }
  if (documents.length !== view.documents || view.documents > maxDocumentsPerSegment || view.documents < 1) {
    throw invalid(`1 to ${maxDocumentsPerSegment} documents, each of them listed`, "documents");
  }
  if (segment.parts.index.count !== view.documents) throw invalid(`${view.documents} documents`, "index");
}

function checkRows({ segment, parts }: SegmentUpload, dimensions: number): void {
  const end = checkSequence(segment.parts.rows, "rows", (reference) => {
    const rows = readRowsPart(parts.get(reference.sha256)!);
    if (rows.dimensions !== dimensions) {
      throw invalid(`rows of ${dimensions} dimensions, as the collection has`, "rows");
    }
    return rows;
  });
  if (end !== segment.rows) throw invalid(`${segment.rows} rows`, "rows");
}

function checkDocuments({ segment, parts }: SegmentUpload, view: IndexView): void {
  const end = checkSequence(segment.parts.documents, "documents", (reference) => {
    const part = openDocumentsPart(parts.get(reference.sha256)!);
    for (let ordinal = part.first; ordinal < part.first + part.count; ordinal++) {
      if (ordinal >= view.documents || documentAt(part, ordinal).id !== view.idOf(ordinal)) {
        throw invalid(`document ${ordinal} to be the one that the index names`, "documents");
      }
    }
    return part;
  });
  if (end !== segment.documents) throw invalid(`${segment.documents} documents`, "documents");
}

/** Checks that parts follow one another without a gap; returns where they end. */
function checkSequence(
  references: readonly PartReference[],
  what: string,
  open: (reference: PartReference) => { readonly first: number; readonly count: number },
): number {
  let end = 0;
  for (const reference of references) {
    const { first, count } = open(reference);
    if (first !== end || count !== reference.count) throw invalid(`${what} parts without a gap`, what);
    end += count;
  }
  return end;
}

function invalid(expected: string, param: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected of an uploaded segment ${expected}, got something else at ${param}. Upload segments with \`nearvec index\`, of the same version as the worker.`,
    { param },
  );
}
