/** A segment that was written, with what is needed to find out later which of its documents are still the newest. */
import { NearvecError } from "../../shared/errors.ts";
import { codesMinRowBytes } from "../../shared/limits.ts";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import type { SegmentReference } from "../../shared/search/collection/manifest.ts";
import { writeCodesPart } from "../../shared/search/index/codes-part.ts";
import { readIndexPart } from "../../shared/search/segment/index-part-reader.ts";
import { type SegmentOptions, writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { CollectionStore } from "./collection-store.ts";

export interface NewSegment {
  readonly reference: SegmentReference;
  /** Of all its documents, as their table counts them. */
  readonly bytes: number;
  /** By ordinal: the document's number, and the sequence of the version that is in the segment. */
  readonly numbers: readonly number[];
  readonly sequences: readonly number[];
  /** By ordinal. */
  readonly counts: readonly OrdinalCounts[];
}

export interface OrdinalCounts {
  readonly entries: number;
  readonly rows: number;
  readonly words: number;
}

/**
 * Writes documents, as they are at this moment, as segments: one, or several where one cannot hold them.
 *
 * @param numbers in the order of the ids
 * @param written takes each segment with its parts and those of its documents that are fresh, one after the other, so
 *   that no more than one is in memory
 */
export async function writeSegments(
  store: CollectionStore,
  numbers: readonly number[],
  written: (
    segment: NewSegment,
    parts: ReadonlyMap<string, Uint8Array>,
    fresh: readonly EncodedDocument[],
  ) => Promise<void>,
): Promise<void> {
  const documents: EncodedDocument[] = [];
  const fresh: EncodedDocument[] = [];
  const present: number[] = [];
  const sequences: number[] = [];
  let bytes = 0;
  for (const number of numbers) {
    const found = store.documents.encoded(number);
    if (found === null) continue;
    documents.push(found.document);
    if (found.fresh) fresh.push(found.document);
    present.push(number);
    sequences.push(found.sequence);
    bytes += found.document.text.length + found.document.values.byteLength;
  }
  if (documents.length === 0) return;
  try {
    const { reference, parts } = await writeSegment(documents, store.identity.settings, codesOption(store));
    const counts = countsByOrdinal(parts.get(reference.id)!);
    await written({ reference, bytes, numbers: present, sequences, counts }, parts, fresh);
  } catch (error) {
    if (!isTooLarge(error) || documents.length === 1) throw error;
    const half = documents.length >> 1;
    await writeSegments(store, present.slice(0, half), written);
    await writeSegments(store, present.slice(half), written);
  }
}

/** Codes too, once the collection is so large that its rows may not fit beside everything else. */
function codesOption({ identity, segments, whitening }: CollectionStore): SegmentOptions {
  const { dimensions } = identity.settings;
  const rowBytes = dimensions + Float32Array.BYTES_PER_ELEMENT;
  if (segments.live().rows * rowBytes < codesMinRowBytes) return {};
  const current = whitening.current();
  return { writeCodes: (sorted) => writeCodesPart(sorted, dimensions, current) };
}

/** What each document of a segment counts for. @param index its index part */
export function countsByOrdinal(index: Uint8Array): OrdinalCounts[] {
  const { documents, documentEntries, entryRows, entryWords } = readIndexPart(index);
  return Array.from({ length: documents }, (_, document) => {
    const first = documentEntries[document]!;
    const end = documentEntries[document + 1]!;
    const words = entryWords.subarray(first, end).reduce((sum, count) => sum + count, 0);
    return { entries: end - first, rows: entryRows[end]! - entryRows[first]!, words };
  });
}

function isTooLarge(error: unknown): boolean {
  return NearvecError.isInstance(error) && error.code === "payload_too_large";
}
