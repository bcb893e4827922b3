/** Takes over a segment that was written elsewhere, documents and all: later it is read, merged and changed like any other. */
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { EncodedDocument, Entry } from "../../shared/search/collection/document.ts";
import type { SegmentReference } from "../../shared/search/collection/manifest.ts";
import type { SegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { fieldsOf } from "../../shared/search/segment/column.ts";
import { documentAt, openDocumentsPart } from "../../shared/search/segment/documents-part.ts";
import { readIndexPart } from "../../shared/search/segment/index-part-reader.ts";
import { type RowsPart, readRowsPart } from "../../shared/search/segment/rows-part.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { WrittenDocument } from "./collection-writer.ts";
import { countsByOrdinal } from "./new-segment.ts";
import { makeNextManifest } from "./next-manifest.ts";

/** What of an upload is needed to read its documents back. */
type Upload = Pick<SegmentUpload, "segment" | "parts">;

/**
 * Takes a segment over whose parts are in KV, and whose vectors are in Vectorize if that is the backend, in one transaction.
 *
 * @param uploaded what `readUpload` read out of it
 * @returns the sequence of this write, or of the last one if the segment is here already
 */
export function adoptSegment(
  store: CollectionStore,
  upload: SegmentUpload,
  uploaded: readonly WrittenDocument[],
): number {
  const { documents: table, segments, progress, whitening, formerVectors } = store;
  const { segment } = upload;
  const counts = countsByOrdinal(partOf(upload, segment.id));
  return store.transaction(() => {
    if (store.hasAdopted(segment.id)) return progress.get().sequence;
    const now = Date.now();
    const rows = uploaded.map(({ id }) => table.find(id));
    const replaced = rows.flatMap((row) => row ?? []);
    const sequence = progress.beginWrite(now, replaced.length > 0);
    whitening.change(
      uploaded,
      replaced.map(({ number }) => ({ entries: table.entries(number), ...table.vectors.get(number) })),
    );
    const number = segments.insert({ ...segment, deleted: "" }, segmentBytes(segment));
    uploaded.forEach((document, ordinal) => {
      const row = rows[ordinal]!;
      const target = row?.number ?? progress.nextNumber();
      if (row !== null) formerVectors.note(target, document.entries.length, sequence);
      if (row === null) table.insert(target, document, sequence, now);
      else table.replace(target, document, sequence, now);
      formerVectors.settle(document.id, document.entries.length);
      if (row?.place) segments.kill(row.place);
      table.place(target, null, { segment: number, ordinal, ...counts[ordinal]! });
    });
    progress.add("documents", uploaded.length - replaced.length);
    progress.add("placements", uploaded.length);
    store.noteAdoption(segment.id, sequence);
    makeNextManifest(store);
    return sequence;
  });
}

/**
 * To be called before the vectors of an upload are brought into Vectorize. Should it not be adopted after all, they are
 * deleted when the collection publishes, and documents with the same ids get theirs back.
 */
export function expectVectors(store: CollectionStore, uploaded: readonly WrittenDocument[]): void {
  const { documents, progress, formerVectors } = store;
  store.transaction(() => {
    const sequence = progress.beginWrite(Date.now(), false);
    for (const { id, entries } of uploaded) {
      formerVectors.expect(id, entries.length, sequence);
      documents.refresh(id, sequence);
    }
  });
}

/**
 * Reads the documents back, and refuses what the collection could not have written itself.
 *
 * @throws NearvecError `invalid_request`, or `artifact_corrupt` and the like for a part that contradicts itself
 */
export function readUpload(
  settings: Pick<CollectionSettings, "dimensions" | "fields">,
  upload: SegmentUpload,
): WrittenDocument[] {
  const { segment, documents } = upload;
  const index = readIndexPart(partOf(upload, segment.id));
  if (JSON.stringify(index.fields) !== JSON.stringify(fieldsOf(settings.fields))) {
    throw invalid("the collection's fields in the index part, got others");
  }
  const { documents: count, entries, rows, words } = index;
  const same = segment.documents === count && segment.entries === entries && segment.rows === rows;
  if (!same || segment.words !== words || documents.length !== count) {
    throw invalid("the counts of the index part in the segment's reference, got others");
  }
  const read = [...uploadedDocuments(upload)].map((document, ordinal): WrittenDocument => {
    const { id, text, values, scales } = document;
    if (documents[ordinal]!.id !== id || index.idOf(ordinal) !== id) {
      throw invalid(`document ${ordinal} to have one id, got ${JSON.stringify(id)} and another`);
    }
    const inText = document.entries.every(({ from, to }) => from <= to && to <= text.length);
    if (!inText || values.length !== scales.length * settings.dimensions) {
      throw invalid(
        `rows of ${settings.dimensions} dimensions and entries within the text of ${JSON.stringify(id)}`,
      );
    }
    return { ...document, contentHash: documents[ordinal]!.contentHash };
  });
  if (read.length !== count) throw invalid(`${count} documents, got ${read.length}`);
  return read;
}

/** Documents in the segment's order, read out of its parts. */
function* uploadedDocuments(upload: Upload): Generator<EncodedDocument> {
  const { parts } = upload.segment;
  const index = readIndexPart(partOf(upload, parts.index.sha256));
  const rows = rowsReader(upload);
  let document = 0;
  for (const { sha256 } of parts.documents) {
    const part = openDocumentsPart(partOf(upload, sha256));
    if (part.first !== document) throw invalid(`document ${document} next, got ${part.first}`);
    for (; document < part.first + part.count && document < index.documents; document++) {
      const entries: Entry[] = [];
      for (
        let entry = index.documentEntries[document]!;
        entry < index.documentEntries[document + 1]!;
        entry++
      ) {
        const [from, to] = [index.entryRanges[2 * entry]!, index.entryRanges[2 * entry + 1]!];
        entries.push({ from, to, rows: index.entryRows[entry + 1]! - index.entryRows[entry]! });
      }
      const count = entries.reduce((sum, entry) => sum + entry.rows, 0);
      yield { ...documentAt(part, document), entries, ...rows(count) };
    }
  }
}

/** @returns takes the next rows, which may be in two parts */
function rowsReader(upload: Upload): (count: number) => Pick<EncodedDocument, "values" | "scales"> {
  const references = upload.segment.parts.rows;
  let next = 0;
  let part: Pick<RowsPart, "dimensions" | "count" | "values" | "scales"> = {
    ...{ dimensions: 0, count: 0, values: new Int8Array(), scales: new Float32Array() },
  };
  let taken = 0;
  return (count) => {
    const scales = new Float32Array(count);
    const values: Int8Array[] = [];
    for (let row = 0; row < count; ) {
      if (taken === part.count) {
        const reference = references[next++];
        if (reference === undefined) throw invalid("rows for all entries, got fewer");
        part = readRowsPart(partOf(upload, reference.sha256));
        taken = 0;
        continue;
      }
      const taking = Math.min(count - row, part.count - taken);
      scales.set(part.scales.subarray(taken, taken + taking), row);
      values.push(part.values.subarray(taken * part.dimensions, (taken + taking) * part.dimensions));
      taken += taking;
      row += taking;
    }
    return { scales, values: values.length === 1 ? values[0]! : joined(values) };
  };
}

function joined(pieces: readonly Int8Array[]): Int8Array {
  const values = new Int8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of pieces) {
    values.set(piece, end);
    end += piece.length;
  }
  return values;
}

function segmentBytes({ parts }: SegmentReference): number {
  return [...parts.rows, ...parts.documents].reduce((sum, { bytes }) => sum + bytes, 0);
}

function partOf({ parts }: Upload, sha256: string): Uint8Array {
  const bytes = parts.get(sha256);
  if (bytes === undefined) throw invalid(`the bytes of part ${sha256}, got none`);
  return bytes;
}

function invalid(expected: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected ${expected}. Upload segments with \`nearvec index\`, of the same version as the worker.`,
  );
}
