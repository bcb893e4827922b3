/** Brings documents into a Vectorize index and out of it: what a writer calls when it publishes. */
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { EncodedDocument } from "../../../shared/search/collection/document.ts";
import { storedVectors, vectorId, vectorPrefix } from "./stored-vector.ts";
import { maxVectorsPerCall, type VectorStore } from "./vector-store.ts";

/** A document that was replaced or removed, with how many entries it had. */
export interface FormerDocument {
  readonly id: string;
  readonly entries: number;
}

/**
 * Writes documents, and deletes what former versions of them had beyond that. Doing it twice does no harm, so it
 * can be repeated after a failure. What it has written is found some seconds later.
 *
 * @param namespace the collection's incarnation: one index serves many collections
 */
export async function publishVectors(
  store: VectorStore,
  namespace: string,
  settings: Pick<CollectionSettings, "dimensions" | "fields">,
  documents: readonly EncodedDocument[],
  former: readonly FormerDocument[],
): Promise<void> {
  const vectors: VectorizeVector[] = [];
  for (const document of documents) vectors.push(...(await storedVectors(document, settings, namespace)));
  for (let start = 0; start < vectors.length; start += maxVectorsPerCall) {
    await store.upsert(vectors.slice(start, start + maxVectorsPerCall));
  }
  const present = new Set(vectors.map(({ id }) => id));
  const gone: string[] = [];
  for (const { id, entries } of former) {
    const prefix = await vectorPrefix(id);
    for (let entry = 0; entry < entries; entry++) {
      const name = vectorId(prefix, entry);
      if (!present.has(name)) gone.push(name);
    }
  }
  for (let start = 0; start < gone.length; start += maxVectorsPerCall) {
    await store.deleteByIds(gone.slice(start, start + maxVectorsPerCall));
  }
}
