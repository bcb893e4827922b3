/**
 * What a collection consists of at one moment: the only thing under a key that is ever rewritten.
 *
 * It is written last, so whatever it names has been written before; and what it names has its content's hash as
 * its key, so no reader can mistake an old part for a new one.
 */
import type { CollectionSettings } from "./collection-settings.ts";

export const manifestFormatVersion = 1;

/** One value in KV: an immutable part of a segment. */
export interface PartReference {
  /** SHA-256 of the bytes, in hexadecimal: the end of its key. */
  readonly sha256: string;
  readonly bytes: number;
  /** XXH64 of the bytes, 16 hex digits: what a reader checks, for SHA-256 would cost it milliseconds. */
  readonly checksum: string;
  /** Rows (of a rows or codes part) or documents (of a documents or index part) in it. */
  readonly count: number;
}

/** Documents that were published together, and never change: newer versions of them are in later segments. */
export interface SegmentReference {
  /** SHA-256 of the index part: what the segment is called. */
  readonly id: string;
  readonly documents: number;
  readonly entries: number;
  readonly rows: number;
  /** Words of all entries together. */
  readonly words: number;
  readonly parts: {
    readonly index: PartReference;
    /** Int8 rows in order, several parts where they are many. */
    readonly rows: readonly PartReference[];
    /** Two-bit codes of the same rows; null in a segment of a collection that is small enough to do without. */
    readonly codes: PartReference | null;
    /** Texts and metadata in order of the documents. */
    readonly documents: readonly PartReference[];
  };
  /** Ordinals of documents that have been deleted or replaced since, as `encodeOrdinals` prints them. */
  readonly deleted: string;
}

/** Mean and deviation of the vectors of all entries, in base64 of little-endian float32. */
export interface WhiteningStatistics {
  readonly mean: string;
  readonly deviation: string;
}

export interface Manifest {
  readonly formatVersion: number;
  readonly name: string;
  /** Random; tells a collection from an earlier one of the same name. */
  readonly incarnation: string;
  /** Milliseconds since 1970. A later incarnation has a later one. */
  readonly createdAt: number;
  /** Counts the manifests of this incarnation, from 0, the empty one. */
  readonly generation: number;
  /** The last write that is in the segments, of the collection's own count of writes. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly publishedAt: number;
  readonly settings: CollectionSettings;
  readonly whitening: WhiteningStatistics | null;
  /** Of what is alive: deleted documents do not count. */
  readonly statistics: {
    readonly documents: number;
    readonly entries: number;
    readonly rows: number;
    readonly words: number;
  };
  readonly segments: readonly SegmentReference[];
}
