/** How many segments a collection has, and how often a document is written, whatever is written when. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxDocumentsPerSegment, maxSegmentBytes } from "../../shared/limits.ts";
import { segmentsToRewrite } from "../../worker/collections/merge-policy.ts";
import { segmentGroups } from "../../worker/collections/segment-groups.ts";
import type { SegmentSize } from "../../worker/collections/segment-table.ts";

const bytesEach = 1000;

function segment(number: number, documents: number, liveDocuments = documents): SegmentSize {
  return { number, documents, liveDocuments, liveBytes: liveDocuments * bytesEach };
}

/** Publishes batches one after the other; returns the segments and how many documents were written. */
function publishAll(batches: readonly number[]): { segments: SegmentSize[]; written: number } {
  let segments: SegmentSize[] = [];
  let written = 0;
  batches.forEach((documents, number) => {
    const chosen = new Set(segmentsToRewrite(segments, { documents, bytes: documents * bytesEach }));
    const merged = segments.filter((each) => chosen.has(each.number));
    const total = merged.reduce((sum, { liveDocuments }) => sum + liveDocuments, documents);
    segments = [...segments.filter((each) => !chosen.has(each.number)), segment(number, total)];
    written += total;
  });
  return { segments, written };
}

const batchSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4000 })), {
  maxLength: 400,
});

describe("segments", () => {
  test("are few: a logarithm of small ones, the others half full", () => {
    fc.assert(
      fc.property(batchSizes, (batches) => {
        const { segments } = publishAll(batches);
        const half = maxDocumentsPerSegment / 2;
        const small = segments.filter(({ documents }) => documents < half);
        expect(small.length).toBeLessThanOrEqual(2 + Math.log2(half));
        const total = batches.reduce((sum, documents) => sum + documents, 0);
        expect(segments.length - small.length).toBeLessThanOrEqual(total / half);
        for (const { documents } of segments) expect(documents).toBeLessThanOrEqual(maxDocumentsPerSegment);
      }),
    );
  });

  test("of one document at a time are written again a logarithm of times, but for the smallest", () => {
    const { segments, written } = publishAll(new Array<number>(20_000).fill(1));
    expect(segments.length).toBeLessThanOrEqual(10);
    // A segment below 1/64 goes along with every write: half of 256 documents on average, and 6 doublings above.
    expect(written / 20_000).toBeLessThanOrEqual(256 / 2 + 8);
  });

  test("of which more than a third is dead are written anew, with nothing else to publish", () => {
    const nothing = { documents: 0, bytes: 0 };
    expect(segmentsToRewrite([segment(1, 9000, 6000), segment(2, 9000, 9000)], nothing)).toEqual([]);
    expect(segmentsToRewrite([segment(1, 9000, 5999), segment(2, 9000, 9000)], nothing)).toEqual([1]);
    expect(segmentsToRewrite([segment(1, 16_384, 10_000), segment(2, 16_384, 9000)], nothing)).toEqual([2]);
    expect(segmentsToRewrite([segment(1, 9000, 0)], nothing)).toEqual([]);
  });
});

describe("groups", () => {
  test("have every document once, in the order of ids, and fit a segment", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const documents = bytes.map((size, number) => ({
          number,
          id: String(number).padStart(4, "0"),
          bytes: size,
        }));
        const groups = segmentGroups([...documents].reverse());
        expect(groups.flat()).toEqual(documents.map(({ number }) => number));
        const total = bytes.reduce((sum, size) => sum + size, 0);
        for (const group of groups) {
          const size = group.reduce((sum, number) => sum + bytes[number]!, 0);
          expect(size).toBeLessThanOrEqual(maxSegmentBytes);
        }
        expect(groups.length).toBeLessThanOrEqual(2 * Math.ceil(total / maxSegmentBytes));
      }),
    );
  });
});
