/**
 * Makes what was written visible to readers of KV, so that a crash between any two steps is made good by the next run:
 * parts first, then one transaction that records where everything is together with the manifest, then the manifest.
 *
 * A document that is written again while its segment is on the way stays fresh, and the manifest still has the
 * version before: for every document a manifest holds exactly one version, never older than the last manifest's.
 */

import {
  manifestIntervalMilliseconds,
  maxDocumentsPerSegment,
  maxSegmentBytes,
  maxSegmentsPerPublish,
} from "../../shared/limits.ts";
import { manifestKey } from "../../shared/search/collection/collection-keys.ts";
import { type Manifest, manifestFormatVersion } from "../../shared/search/collection/manifest.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { DocumentSize } from "./document-table.ts";
import type { KvPartStore } from "./kv-part-store.ts";
import { segmentsToRewrite } from "./merge-policy.ts";
import { type NewSegment, writeSegments } from "./new-segment.ts";
import { putParts } from "./part-publisher.ts";
import { segmentGroups } from "./segment-groups.ts";

export class Publisher {
  readonly #store: CollectionStore;
  readonly #kv: KvPartStore;

  constructor(store: CollectionStore, kv: KvPartStore) {
    this.#store = store;
    this.#kv = kv;
  }

  /**
   * Publishes what is unpublished, as much as one run may; `progress.unpublished_since` says whether more is left.
   * Must not run twice at a time.
   *
   * @throws NearvecError `storage_unavailable`; running again goes on from there
   */
  async run(): Promise<void> {
    await this.#confirm();
    const { unpublished_since, sequence } = this.#store.progress.get();
    if (unpublished_since === null) return;
    const { rewritten, groups } = this.#plan();
    const segments: NewSegment[] = [];
    for (const group of groups) {
      await writeSegments(this.#store, group, async (segment, parts) => {
        await putParts(this.#store, this.#kv, parts);
        segments.push(segment);
      });
    }
    this.#commit(segments, rewritten, sequence);
    await this.#confirm();
  }

  #plan(): { rewritten: readonly number[]; groups: number[][] } {
    const { documents, segments } = this.#store;
    const fresh = documents.fresh(
      maxSegmentsPerPublish * maxDocumentsPerSegment,
      maxSegmentsPerPublish * maxSegmentBytes,
    );
    const bytes = fresh.reduce((sum, document) => sum + document.bytes, 0);
    const rewritten = segmentsToRewrite(segments.sizes(), { documents: fresh.length, bytes });
    const planned = new Map<number, DocumentSize>(fresh.map((document) => [document.number, document]));
    for (const segment of rewritten) {
      // Fresh ones among them too: their place is about to go, so their newest version must get one.
      for (const document of documents.inSegment(segment)) planned.set(document.number, document);
    }
    return { rewritten, groups: segmentGroups([...planned.values()]) };
  }

  /** @param sequence the last write when the documents were chosen */
  #commit(written: readonly NewSegment[], rewritten: readonly number[], sequence: number): void {
    const { documents, segments, parts, progress } = this.#store;
    this.#store.transaction(() => {
      const now = Date.now();
      for (const segment of written) placeDocuments(this.#store, segment);
      for (const number of [...rewritten, ...segments.dead()]) segments.remove(number);
      segments.publishDeletions();
      parts.noteReferences(now);
      progress.add(
        "placements",
        written.reduce((sum, { numbers }) => sum + numbers.length, 0),
      );
      const state = progress.get();
      const firstFresh = documents.firstFreshSequence();
      progress.set({
        generation: state.generation + 1,
        published_sequence: firstFresh === null ? state.sequence : firstFresh - 1,
        published_at: now,
        unpublished_since:
          firstFresh === null ? null : firstFresh <= sequence ? state.unpublished_since : now,
      });
      this.#store.setManifest(makeManifest(this.#store));
    });
  }

  /** Puts the manifest into KV unless it is known to be there. */
  async #confirm(): Promise<void> {
    const { progress, parts } = this.#store;
    const { generation, confirmed_generation, confirmed_at } = progress.get();
    if (confirmed_generation === generation) return;
    const wait = confirmed_at + manifestIntervalMilliseconds - Date.now();
    // Not longer than that, should the clock have gone back.
    if (wait > 0) await scheduler.wait(Math.min(wait, manifestIntervalMilliseconds));
    await this.#kv.put(manifestKey(this.#store.identity.name), this.#store.manifestText);
    this.#store.transaction(() => {
      const now = Date.now();
      progress.set({
        ...{ confirmed_generation: generation, confirmed_at: now },
        ...{ failures: 0, retry_at: 0, publish_error: null },
      });
      parts.postpone(confirmed_at, now);
    });
  }
}

/** The manifest of what the tables hold. */
export function makeManifest(store: CollectionStore): Manifest {
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

/** Records a segment, and for each of its documents whether it is the newest published version from now on. */
export function placeDocuments(store: CollectionStore, segment: NewSegment): void {
  const { documents, segments } = store;
  const number = segments.insert(segment.reference, segment.bytes);
  segment.numbers.forEach((document, ordinal) => {
    const place = { segment: number, ordinal, ...segment.counts[ordinal]! };
    const sequence = segment.sequences[ordinal]!;
    const row = documents.at(document);
    if (row === null || (row.placed !== null && row.placed > sequence)) {
      // Removed, or published anew by someone else, while the segment was on the way.
      segments.kill(place);
      return;
    }
    if (row.place !== null) segments.kill(row.place);
    documents.place(document, sequence, place);
  });
}
