/**
 * What the rest of the worker may ask of a collection's writer: the Durable Object that holds every document,
 * acknowledges writes after its transaction, and publishes segments. Every call is one RPC.
 */
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { EncodedDocument, Metadata, SourceDocument } from "../../shared/search/collection/document.ts";
import type { Manifest, SegmentReference } from "../../shared/search/collection/manifest.ts";
import type { SegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import type { FilterExpression } from "../../shared/search/filter-expression.ts";

/** A document on its way in. */
export interface WrittenDocument extends EncodedDocument {
  /** Digest of text, metadata, brought vector and model: equal ones need no writing. */
  readonly contentHash: string;
}

export type WriteOutcome = "created" | "updated" | "unchanged";

export interface StoredDocument extends SourceDocument {
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  /** Whether the newest version is in a published segment. */
  readonly published: boolean;
}

export interface WriterDescription {
  readonly name: string;
  readonly settings: CollectionSettings;
  readonly incarnation: string;
  readonly createdAt: number;
  /** The newest generation. */
  readonly generation: number;
  /** The last write that is known to be in KV, and all before it. */
  readonly publishedSequence: number;
  /** The last write. */
  readonly sequence: number;
  readonly documents: number;
  /** Why the newest attempt to publish failed, if it did. */
  readonly publishError: string | null;
  /** Values put into KV since the collection was created, manifests included. */
  readonly kvWrites: number;
  /** Documents put into segments, merges included: over those written, how often each was. */
  readonly placements: number;
}

/** What readers lack that know a manifest: everything written since, as one segment that is in no manifest. */
export interface Tail {
  /** Whether the reader has everything; then nothing else is given. */
  readonly unchanged: boolean;
  /** The newest published manifest, if the reader's is older. */
  readonly manifest: Manifest | null;
  readonly sequence: number;
  /** Null if nothing was written since. Its parts are in `parts` by their SHA-256, not in KV. */
  readonly segment: SegmentReference | null;
  readonly parts: Readonly<Record<string, Uint8Array>>;
  /** Ordinals of documents of published segments that were deleted or replaced since, as `encodeOrdinals` prints them. */
  readonly deleted: Readonly<Record<string, string>>;
}

export interface Removal {
  readonly removed: number;
  readonly sequence: number;
}

/** What a page of documents is asked by: ids in the order of their UTF-8 bytes. */
export interface DocumentPage {
  readonly prefix: string;
  /** Ids greater than this one; null from the first on. */
  readonly after: string | null;
  readonly limit: number;
}

/** A document that is asked after by its content. */
export interface DocumentContent {
  readonly id: string;
  readonly contentHash: string;
}

export interface CollectionWriter {
  /** @throws NearvecError `collection_exists` */
  create(name: string, settings: CollectionSettings): Promise<WriterDescription>;
  /** Null if there is no such collection. */
  describe(): Promise<WriterDescription | null>;
  /** The manifest in force, whatever KV says; null if there is no such collection. */
  manifest(): Promise<Manifest | null>;
  /** For each document, whether it is there with that content. */
  unchanged(documents: readonly DocumentContent[]): Promise<readonly boolean[]>;
  /** All of them or none. The last of several with one id wins. */
  write(
    documents: readonly WrittenDocument[],
  ): Promise<{ readonly sequence: number; readonly outcomes: readonly WriteOutcome[] }>;
  read(ids: readonly string[]): Promise<readonly (StoredDocument | null)[]>;
  /** The first row of the document's first entry, as stored; null if there is no such document. */
  readVector(id: string): Promise<Float32Array | null>;
  /** The same of several. */
  readVectors(ids: readonly string[]): Promise<readonly (Float32Array | null)[]>;
  list(page: DocumentPage): Promise<readonly StoredDocument[]>;
  /** Merges into the metadata (RFC 7396); null if there is no such document. */
  patch(id: string, patch: Metadata): Promise<StoredDocument | null>;
  remove(ids: readonly string[]): Promise<Removal>;
  removeMatching(filter: FilterExpression): Promise<Removal>;
  removeAll(): Promise<Removal>;
  /**
   * @param generation of the reader's manifest
   * @param sequence of the newest tail that the reader has for it, or else of the manifest itself
   */
  tail(generation: number, sequence: number): Promise<Tail>;
  /** Which of these segments it has adopted already. */
  adopted(ids: readonly string[]): Promise<readonly boolean[]>;
  /**
   * Takes over a segment that was written elsewhere: puts its parts into KV, and its documents in the place of those
   * with the same ids. Idempotent. That each part is what its digest says is for the caller to have checked.
   */
  adopt(upload: SegmentUpload): Promise<{ readonly sequence: number }>;
  /** Deletes everything, the manifest first. False if there was nothing. */
  destroy(): Promise<boolean>;
}

const methods = [
  ...["create", "describe", "manifest", "unchanged", "write", "read", "readVector", "readVectors"],
  ...["list", "patch"],
  ...["remove", "removeMatching", "removeAll", "tail", "adopted", "adopt", "destroy"],
] as const;

/** What may be called from another isolate. */
export type CollectionWriterMethod = keyof CollectionWriter;

export function isWriterMethod(name: string): name is CollectionWriterMethod {
  return (methods as readonly string[]).includes(name);
}
