/** Writes documents with their vectors as a segment: immutable parts, and the reference that a manifest names them by. */
import { NearvecError } from "../../errors.ts";
import { checksumOf } from "../../kernel/checksum.ts";
import { maxDocumentsPerSegment, maxKvValueBytes } from "../../limits.ts";
import type { CollectionSettings } from "../collection/collection-settings.ts";
import type { EncodedDocument } from "../collection/document.ts";
import type { PartReference, SegmentReference } from "../collection/manifest.ts";
import { compareCodePoints } from "./code-point-order.ts";
import { writeDocumentsParts } from "./documents-part.ts";
import { writeIndexPart } from "./index-part-writer.ts";
import { maxRescoredRowsPartBytes, maxRowsPartBytes, writeRowsParts } from "./rows-part.ts";

export interface WrittenSegment {
  /** Nothing of it deleted. */
  readonly reference: SegmentReference;
  /** The bytes of every part by their SHA-256. */
  readonly parts: Map<string, Uint8Array>;
}

export interface SegmentOptions {
  /** Makes the codes part out of the documents in the segment's order; none is written if not given. */
  readonly writeCodes?: (documents: readonly EncodedDocument[]) => Uint8Array;
}

/**
 * Writes a segment. The same documents, in whatever order, give the same bytes.
 *
 * @param documents at least one, at most `maxDocumentsPerSegment`, no id twice
 * @throws NearvecError invalid_request if the documents do not fit the settings or each other,
 *   payload_too_large if they are too many or their texts too long for one segment: write halves of them
 */
export async function writeSegment(
  documents: readonly EncodedDocument[],
  settings: Pick<CollectionSettings, "dimensions" | "fields">,
  options: SegmentOptions = {},
): Promise<WrittenSegment> {
  if (documents.length === 0) throw new NearvecError("invalid_request", "Expected documents, got none.");
  if (documents.length > maxDocumentsPerSegment) {
    throw new NearvecError(
      "payload_too_large",
      `Expected at most ${maxDocumentsPerSegment} documents in a segment, got ${documents.length}. Write several.`,
    );
  }
  const sorted = [...documents].sort((left, right) => compareCodePoints(left.id, right.id));
  sorted.forEach((document, i) => {
    checkDocument(document, settings.dimensions);
    if (document.id === sorted[i - 1]?.id) {
      throw invalid(`each id once, got ${JSON.stringify(document.id)} twice`, "id");
    }
  });

  const parts = new Map<string, Uint8Array>();
  const add = async (bytes: Uint8Array, count: number): Promise<PartReference> => {
    if (bytes.length > maxKvValueBytes) {
      throw new NearvecError(
        "payload_too_large",
        `Expected parts of at most ${maxKvValueBytes} bytes, got one of ${bytes.length} out of ${documents.length} documents. Write fewer into a segment.`,
      );
    }
    const sha256 = await sha256Of(bytes);
    parts.set(sha256, bytes);
    return { sha256, bytes: bytes.length, checksum: checksumOf(bytes), count };
  };

  const written = writeIndexPart(sorted, settings.fields);
  const index = await add(written.bytes, sorted.length);
  const rows: PartReference[] = [];
  const mostBytes = options.writeCodes === undefined ? maxRowsPartBytes : maxRescoredRowsPartBytes;
  for (const { bytes, count } of writeRowsParts(sorted, settings.dimensions, mostBytes)) {
    rows.push(await add(bytes, count));
  }
  const codes = options.writeCodes === undefined ? null : await add(options.writeCodes(sorted), written.rows);
  const texts: PartReference[] = [];
  for (const { bytes, count } of writeDocumentsParts(sorted)) texts.push(await add(bytes, count));
  const reference: SegmentReference = {
    id: index.sha256,
    documents: sorted.length,
    entries: written.entries,
    rows: written.rows,
    words: written.words,
    parts: { index, rows, codes, documents: texts },
    deleted: "",
  };
  return { reference, parts };
}

/** SHA-256 in hexadecimal. */
async function sha256Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function checkDocument({ id, text, entries, values, scales }: EncodedDocument, dimensions: number): void {
  const named = `of document ${JSON.stringify(id)}`;
  if (id === "" || !id.isWellFormed()) {
    throw invalid(`an id of Unicode characters, got ${JSON.stringify(id)}`, "id");
  }
  if (entries.length === 0) throw invalid(`an entry ${named}, got none`, "entries");
  let rows = 0;
  for (const entry of entries) {
    if (!(Number.isInteger(entry.rows) && entry.rows >= 1)) {
      throw invalid(`at least a row for each entry ${named}, got ${entry.rows}`, "entries");
    }
    if (!(entry.from >= 0 && entry.from <= entry.to && entry.to <= text.length)) {
      throw invalid(`entries ${named} within its text, got ${entry.from} to ${entry.to}`, "entries");
    }
    rows += entry.rows;
  }
  if (scales.length !== rows) throw invalid(`${rows} scales ${named}, got ${scales.length}`, "scales");
  if (!scales.every((scale) => scale >= 0 && Number.isFinite(scale))) {
    throw invalid(`finite scales ${named}, none below 0`, "scales");
  }
  if (values.length !== rows * dimensions) {
    throw invalid(`${rows} rows of ${dimensions} dimensions ${named}, got ${values.length} values`, "values");
  }
}

function invalid(expected: string, param: string): NearvecError {
  return new NearvecError("invalid_request", `Expected ${expected}.`, { param });
}
