/** The manifest of what the tables hold, and the one way in which a new one comes into force. */
import { type Manifest, manifestFormatVersion } from "../../shared/search/collection/manifest.ts";
import type { CollectionStore } from "./collection-store.ts";

/**
 * Makes the next manifest, as part of the transaction that changed the segments: strong readers are told of it at
 * once, and KV gets it as soon as it takes one.
 *
 * @param rewritten segments that are not needed any more
 */
export function makeNextManifest(store: CollectionStore, rewritten: readonly number[] = []): void {
  const { documents, segments, parts, progress, formerVectors } = store;
  const now = Date.now();
  for (const number of [...rewritten, ...segments.dead()]) segments.remove(number);
  segments.publishDeletions();
  parts.noteReferences(now);
  const { generation, sequence, unpublished_since } = progress.get();
  const firstFresh = documents.firstFresh();
  progress.set({
    generation: generation + 1,
    published_sequence: firstFresh === null ? sequence : firstFresh - 1,
    published_at: now,
    unpublished_since: firstFresh === null && formerVectors.isEmpty ? null : unpublished_since,
  });
  store.setManifest(manifestOf(store));
}

/** The manifest as the tables have it. */
export function manifestOf(store: CollectionStore): Manifest {
  const { identity, progress, segments, whitening } = store;
  const { generation, published_sequence: sequence, published_at: publishedAt } = progress.get();
  return {
    formatVersion: manifestFormatVersion,
    name: identity.name,
    incarnation: identity.incarnation,
    createdAt: identity.createdAt,
    generation,
    sequence,
    publishedAt,
    settings: identity.settings,
    whitening: whitening.statistics(),
    statistics: segments.live(),
    segments: segments.references(),
  };
}
