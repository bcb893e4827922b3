/**
 * Which segments are written anew together with fresh documents.
 *
 * A segment no fuller than what is being written anyway goes along with it, smallest first. So each segment left is
 * larger than all that were written after it, but for those that are too full for company: n documents are in
 * O(log n) segments below half of the limits, and a document is written again O(log n) times. It costs no write to
 * KV, for the fresh documents need a segment anyway; and no read, for SQLite has all documents.
 */
import { maxDocumentsPerSegment, maxSegmentBytes } from "../../shared/limits.ts";
import type { SegmentSize } from "./segment-table.ts";

/** Of its documents, how many must be dead before a segment is written anew for that alone. */
const mostDead = 1 / 3;

/** Of a full segment, what goes along with anything: the work is small. */
const tiny = 1 / 64;

/**
 * Chooses the segments to be written anew, those without a live document left out: they need no writing.
 *
 * @param segments all that are published
 * @param fresh documents that are to be published, and their bytes
 * @returns their numbers
 */
export function segmentsToRewrite(
  segments: readonly SegmentSize[],
  fresh: { readonly documents: number; readonly bytes: number },
): number[] {
  const candidates = segments
    .filter(({ liveDocuments }) => liveDocuments > 0)
    .sort((left, right) => fillOf(left) - fillOf(right));
  const chosen = new Set<number>();
  let fill = fillOf({ liveDocuments: fresh.documents, liveBytes: fresh.bytes });
  const take = (segment: SegmentSize): void => {
    chosen.add(segment.number);
    fill += fillOf(segment);
  };
  for (const segment of candidates) {
    const dead = segment.documents - segment.liveDocuments;
    // One that does not fit beside the others waits for the next time, unless it would wait for ever.
    const fits = fill + fillOf(segment) <= 1 || chosen.size === 0;
    if (dead > segment.documents * mostDead && fits) take(segment);
  }
  if (fill === 0) return [];
  for (const segment of candidates) {
    if (chosen.has(segment.number)) continue;
    if (fillOf(segment) > Math.max(fill, tiny) || fill + fillOf(segment) > 1) break;
    take(segment);
  }
  return [...chosen];
}

/** How full a segment is, from 0 to 1. */
export function fillOf({
  liveDocuments,
  liveBytes,
}: Pick<SegmentSize, "liveDocuments" | "liveBytes">): number {
  return Math.max(liveDocuments / maxDocumentsPerSegment, liveBytes / maxSegmentBytes);
}
