/**
 * Makes what was written visible to readers of KV, so that a crash between any two steps is made good by the next run:
 * parts and vectors first, then one transaction that records where everything is together with the manifest, then the manifest.
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
import type { CollectionStore } from "./collection-store.ts";
import type { DocumentSize } from "./document-table.ts";
import type { KvPartStore } from "./kv-part-store.ts";
import { segmentsToRewrite } from "./merge-policy.ts";
import { type NewSegment, writeSegments } from "./new-segment.ts";
import { makeNextManifest } from "./next-manifest.ts";
import { putParts } from "./part-publisher.ts";
import { segmentGroups } from "./segment-groups.ts";
import type { VectorizePublisher } from "./vectorize/vectorize-publisher.ts";

/** How often a segment is halved because writing it may have been too much. */
const mostHalvings = 6;

export class Publisher {
  readonly #store: CollectionStore;
  readonly #kv: KvPartStore;
  readonly #vectors: VectorizePublisher;
  readonly #sync: () => Promise<void>;

  /** @param sync resolves when all that has been written is on disk */
  constructor(
    store: CollectionStore,
    kv: KvPartStore,
    vectors: VectorizePublisher,
    sync: () => Promise<void>,
  ) {
    this.#store = store;
    this.#kv = kv;
    this.#vectors = vectors;
    this.#sync = sync;
  }

  /**
   * Publishes what is unpublished, as much as one run may; `progress.unpublished_since` says whether more is left.
   * Must not run twice at a time.
   *
   * @throws NearvecError `storage_unavailable`, `collections_unavailable`; running again goes on from there
   */
  async run(): Promise<void> {
    await this.#confirm();
    await this.#vectors.deleteFormer();
    const { progress } = this.#store;
    const { unpublished_since, sequence, crashes } = progress.get();
    if (unpublished_since === null) return;
    // An object that takes too much memory is ended without a word. It leaves this behind, and tries with less.
    progress.set({ crashes: crashes + 1 });
    await this.#sync();
    try {
      const { rewritten, groups } = this.#plan(crashes);
      const segments: NewSegment[] = [];
      for (const group of groups) {
        await writeSegments(this.#store, group, async (segment, parts, fresh) => {
          await putParts(this.#store, this.#kv, parts);
          await this.#vectors.write(fresh);
          segments.push(segment);
        });
      }
      this.#commit(segments, rewritten, sequence);
      progress.set({ crashes: Math.max(0, crashes - 1) });
    } catch (error) {
      progress.set({ crashes });
      throw error;
    }
    await this.#confirm();
  }

  #plan(crashes: number): { rewritten: readonly number[]; groups: number[][] } {
    const { documents, segments } = this.#store;
    const fresh = documents.fresh(
      maxSegmentsPerPublish * maxDocumentsPerSegment,
      maxSegmentsPerPublish * maxSegmentBytes,
    );
    const bytes = fresh.reduce((sum, document) => sum + document.bytes, 0);
    const wanted = segmentsToRewrite(segments.sizes(), { documents: fresh.length, bytes });
    const rewritten = crashes === 0 ? wanted : [];
    const planned = new Map<number, DocumentSize>(fresh.map((document) => [document.number, document]));
    for (const segment of rewritten) {
      // Fresh ones among them too: their place is about to go, so their newest version must get one.
      for (const document of documents.inSegment(segment)) planned.set(document.number, document);
    }
    return { rewritten, groups: segmentGroups([...planned.values()], 2 ** -Math.min(crashes, mostHalvings)) };
  }

  /** @param sequence the last write when the documents were chosen */
  #commit(written: readonly NewSegment[], rewritten: readonly number[], sequence: number): void {
    const { documents, progress } = this.#store;
    this.#store.transaction(() => {
      for (const segment of written) placeDocuments(this.#store, segment, sequence);
      progress.add(
        "placements",
        written.reduce((sum, { numbers }) => sum + numbers.length, 0),
      );
      makeNextManifest(this.#store, rewritten);
      const firstFresh = documents.firstFresh();
      // What was written meanwhile has its own delay.
      if (firstFresh !== null && firstFresh > sequence) progress.set({ unpublished_since: Date.now() });
    });
  }

  /** Puts the manifest into KV unless it is known to be there. */
  async #confirm(): Promise<void> {
    const { progress, parts } = this.#store;
    const { generation: newest, confirmed_generation, confirmed_at } = progress.get();
    if (confirmed_generation === newest) return;
    const wait = confirmed_at + manifestIntervalMilliseconds - Date.now();
    // Not longer than that, should the clock have gone back.
    if (wait > 0) await scheduler.wait(Math.min(wait, manifestIntervalMilliseconds));
    // Read after the wait, with what belongs to it: a later one may have come into force.
    const { generation, published_sequence } = progress.get();
    await this.#kv.put(manifestKey(this.#store.identity.name), this.#store.manifestText);
    this.#store.transaction(() => {
      const now = Date.now();
      progress.set({
        ...{ confirmed_generation: generation, confirmed_sequence: published_sequence, confirmed_at: now },
        ...{ failures: 0, retry_at: 0, publish_error: null },
      });
      parts.postpone(confirmed_at, now);
    });
  }
}

/**
 * Records a segment, and for each of its documents whether it is the newest published version from now on.
 *
 * @param planned the last write when the documents were chosen
 */
function placeDocuments(store: CollectionStore, segment: NewSegment, planned: number): void {
  const { documents, segments } = store;
  const number = segments.insert(segment.reference, segment.bytes);
  segment.numbers.forEach((document, ordinal) => {
    const place = { segment: number, ordinal, ...segment.counts[ordinal]! };
    const sequence = segment.sequences[ordinal]!;
    const row = documents.at(document);
    if (row === null) {
      // Removed while the segment was on the way.
      segments.kill(place);
      return;
    }
    if (row.place !== null) segments.kill(row.place);
    // What changed it came after its documents were chosen.
    documents.place(document, row.sequence === sequence ? null : planned + 1, place);
  });
}
