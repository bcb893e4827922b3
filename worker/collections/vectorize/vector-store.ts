/** What is needed of a Vectorize index, and its limits: developers.cloudflare.com/vectorize/platform/limits. */

export type VectorStore = Pick<Vectorize, "query" | "getByIds" | "upsert" | "deleteByIds">;

/** Matches of a query that brings neither values nor metadata. */
export const maxMatches = 100;

/** Vectors in one call that writes or deletes. */
export const maxVectorsPerCall = 1000;

/** Vectors that are read by their ids in one call. */
export const maxVectorsPerRead = 20;

/** Bytes of a filter as JSON. */
export const maxFilterBytes = 2048;
