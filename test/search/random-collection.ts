/** Collections made up from a seed: documents in segments, some deleted, with vectors and words that collide. */
import { seededRandom } from "../../distill-job/seeded-random.ts";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import type { SearchIndex } from "../../shared/search/index/search-index.ts";
import type { Whitening } from "../../shared/search/ranking/whitening.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { type WrittenSegment, writeSegment } from "../../shared/search/segment/segment-writer.ts";

export const words = ["horse", "rain", "edge", "vector", "tower", "near", "far", "東京"];

export interface CollectionShape {
  readonly seed: number;
  readonly dimensions: number;
  /** Documents of each segment. */
  readonly segments: readonly number[];
  /** Whether documents have several entries, and entries several rows. */
  readonly several: boolean;
  /** Share of the documents that are deleted, 0 to 1. */
  readonly deletedShare: number;
}

export interface RandomCollection {
  readonly segments: readonly {
    readonly documents: readonly EncodedDocument[];
    readonly written: WrittenSegment;
    readonly deleted: readonly number[];
  }[];
  readonly alive: readonly EncodedDocument[];
  readonly whitening: Whitening;
  readonly random: () => number;
}

export async function randomCollection(shape: CollectionShape): Promise<RandomCollection> {
  const { seed, dimensions, deletedShare } = shape;
  const random = seededRandom(seed);
  let number = 0;
  const segments = [];
  for (const count of shape.segments) {
    const documents = Array.from({ length: count }, () => randomDocument(`${number++}`, shape, random)).sort(
      (left, right) => compareCodePoints(left.id, right.id),
    );
    const deleted = documents.flatMap((_, ordinal) => (random() < deletedShare ? [ordinal] : []));
    segments.push({ documents, written: await writeSegment(documents, { dimensions, fields: {} }), deleted });
  }
  return {
    segments,
    alive: segments.flatMap(({ documents, deleted }) => documents.filter((_, i) => !deleted.includes(i))),
    whitening: {
      mean: Float32Array.from({ length: dimensions }, () => (random() - 0.5) * 0.3),
      deviation: Float32Array.from({ length: dimensions }, () => 0.5 + random()),
    },
    random,
  };
}

/** Puts segments with their deletions into an index. */
export function addSegments(index: SearchIndex, { segments }: Pick<RandomCollection, "segments">): void {
  for (const { written, deleted } of segments) {
    index.addSegment(written.reference, partsOf(written));
    index.setDeleted(written.reference.id, deleted);
  }
}

/** The parts that an index is given. */
export function partsOf({ reference, parts }: WrittenSegment): { index: Uint8Array; rows: Uint8Array[] } {
  return {
    index: parts.get(reference.parts.index.sha256)!,
    rows: reference.parts.rows.map(({ sha256 }) => parts.get(sha256)!),
  };
}

export function randomVector(dimensions: number, random: () => number): Float32Array {
  return Float32Array.from({ length: dimensions }, () => random() - 0.5);
}

function randomDocument(number: string, shape: CollectionShape, random: () => number): EncodedDocument {
  const upTo = (most: number): number => 1 + Math.floor(random() * (shape.several ? most : 1));
  const pick = () => words[Math.floor(random() ** 2 * words.length)]!;
  const text = Array.from({ length: Math.floor(random() * 12) }, pick).join(" ");
  const entryCount = upTo(3);
  const entries = Array.from({ length: entryCount }, (_, i) => ({
    from: Math.floor((text.length * i) / entryCount),
    to: Math.floor((text.length * (i + 1)) / entryCount),
    rows: upTo(3),
  }));
  const rows = entries.reduce((sum, entry) => sum + entry.rows, 0);
  // One row in a few is zeros, and few patterns there are, so that equal ones come.
  const pattern = Math.floor(random() * 40);
  const values = new Int8Array(rows * shape.dimensions);
  for (let row = 0; row < rows; row++) {
    if (random() < 0.05) continue;
    for (let i = 0; i < shape.dimensions; i++) {
      values[row * shape.dimensions + i] = ((pattern * 73 + row * 51 + i * (37 + pattern)) % 255) - 127;
    }
  }
  // Ids of several scripts, in no order.
  const prefix = ["a", "Z", "é", "\u{ffee}", "\u{1f600}"][Math.floor(random() * 5)]!;
  return {
    id: `${prefix}${number}`,
    text,
    metadata: {},
    entries,
    values,
    scales: Float32Array.from({ length: rows }, () => 0.01),
  };
}
