/** What finds the documents of a collection: the scan of this isolate, or Vectorize. */
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import type { SearchMode } from "../../../shared/search/index/index-query.ts";
import type { Found } from "./found.ts";
import type { PreparedQuery } from "./prepared-query.ts";

export interface Findings {
  /** For each query, best first. */
  readonly found: readonly (readonly Found[])[];
  /** What all of them were found in. */
  readonly generation: number;
  /** The last write that they know of; null where nobody asked. */
  readonly sequence: number | null;
  readonly missing: readonly MissingPart[];
  /** Whether some scores are right to a few hundredths only. */
  readonly approximate: boolean;
}

export interface FoundDocuments {
  /** Undefined where it was not asked for, or could not be read. */
  of(hit: Found): SourceDocument | undefined;
  readonly missing: readonly MissingPart[];
}

/** One request's view of one collection. */
export interface SearchBackend {
  readonly settings: CollectionSettings;
  /** Of a query with a text. */
  readonly defaultMode: SearchMode;
  /** The vector of a stored document; null if there is none. */
  vectorOf(id: string): Promise<Float32Array | null>;
  find(queries: readonly PreparedQuery[]): Promise<Findings>;
  /** Reads the documents of hits, each once; to be called after `find`. */
  read(hits: readonly Found[]): Promise<FoundDocuments>;
}
