/** What a collection has found for a query. */
import type { IndexHit } from "../../../shared/search/index/index-query.ts";

/** A hit with the vector of its entry, where that is asked for. */
export interface Found extends IndexHit {
  readonly vector: Float32Array | null;
}
