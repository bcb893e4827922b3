/** Documents to a collection: read, embedded in threads, put into segments, uploaded in order. */
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import { scriptBeside } from "../threads/script-beside.ts";
import { ThreadPool } from "../threads/thread-pool.ts";
import { groupsOf } from "./document-groups.ts";
import { inOrder } from "./in-order.ts";
import { readDocuments } from "./read-documents.ts";
import type { RecordReading } from "./record-document.ts";
import type { FinishedSegment, SegmentQuestion } from "./segment-work.ts";

/** Where finished segments go. */
export interface SegmentReceiver {
  /** Whether it has taken over a segment of this name before. */
  hasSegment(id: string): Promise<boolean>;
  /** @param upload what `encodeSegmentUpload` made */
  uploadSegment(upload: Uint8Array): Promise<void>;
}

export interface IndexingOptions {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly reading: RecordReading;
  /** Path of the collection's model. */
  readonly model: string;
  readonly settings: CollectionSettings;
  readonly threads: number;
  /** Sends segments that are there already, too. */
  readonly force: boolean;
}

export interface IndexingResult {
  /** Documents of the files; of several with one id in a group the last. */
  readonly documents: number;
  readonly segments: number;
  /** Segments that were there already, from an earlier run, and their documents. */
  readonly skippedSegments: number;
  readonly skippedDocuments: number;
  readonly uploadedBytes: number;
}

export interface IndexingProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly documents: number;
}

/**
 * Indexes documents. After an interruption the same call goes on where it was: the same files give the same
 * segments, and those that are there are not sent again.
 *
 * @throws NearvecError what is wrong with a file, a document or the worker
 */
export async function indexDocuments(
  { paths, reading, model, settings, threads, force }: IndexingOptions,
  receiver: SegmentReceiver,
  onProgress: (progress: IndexingProgress) => void,
): Promise<IndexingResult> {
  const pool = new ThreadPool<SegmentQuestion, FinishedSegment>(
    scriptBeside(import.meta.url, "segment-thread"),
    threads,
  );
  const result = { documents: 0, segments: 0, skippedSegments: 0, skippedDocuments: 0, uploadedBytes: 0 };
  try {
    const groups = groupsOf(readDocuments(paths, reading));
    // One group more than there are threads, so that none waits while another is uploaded.
    const finished = inOrder(groups, threads + 1, async ({ documents, bytes, totalBytes }) => ({
      segment: await pool.ask({ model, settings, documents }),
      ...{ bytes, totalBytes },
    }));
    for await (const { segment, bytes, totalBytes } of finished) {
      if (!force && (await receiver.hasSegment(segment.id))) {
        result.skippedSegments++;
        result.skippedDocuments += segment.documents;
      } else {
        await receiver.uploadSegment(segment.upload);
        result.uploadedBytes += segment.upload.length;
      }
      result.segments++;
      result.documents += segment.documents;
      onProgress({ bytes, totalBytes, documents: result.documents });
    }
    return result;
  } finally {
    await pool.close();
  }
}
