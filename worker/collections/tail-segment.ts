/** What a strong reader lacks: fresh documents as a segment that is in no manifest, and what they replace. */

import { maxTailBytes, maxTailDocuments } from "../../shared/limits.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import { encodeOrdinals } from "../../shared/search/segment/ordinals.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { CollectionStore } from "./collection-store.ts";
import type { Tail } from "./collection-writer.ts";

type Content = Pick<Tail, "sequence" | "segment" | "parts" | "deleted">;

export class TailSegment {
  readonly #store: CollectionStore;
  #newest: {
    readonly generation: number;
    readonly sequence: number;
    readonly content: Promise<Content>;
  } | null = null;

  constructor(store: CollectionStore) {
    this.#store = store;
  }

  /** Whether there is too much for a tail, so that it must be published first. */
  isTooLarge(): boolean {
    const { documents, bytes } = this.#store.documents.freshTotals();
    return documents > maxTailDocuments || (bytes > maxTailBytes && documents > 1);
  }

  /** @param generation, sequence of what the reader has: its manifest, and the tail or the manifest itself */
  async read(generation: number, sequence: number): Promise<Tail> {
    const current = this.#store.progress.get();
    // Both out of the same state: content begins with what it takes from the tables, before it waits for anything.
    const manifest: Manifest | null = current.generation === generation ? null : this.#store.manifest;
    if (manifest === null && current.sequence === sequence) {
      return { unchanged: true, manifest, sequence, segment: null, parts: {}, deleted: {} };
    }
    if (this.#newest?.generation !== current.generation || this.#newest.sequence !== current.sequence) {
      const { generation, sequence } = current;
      const entry = { generation, sequence, content: this.#build(sequence) };
      this.#newest = entry;
      // What failed is not kept; whoever waits for it is told.
      entry.content.catch(() => {
        if (this.#newest === entry) this.#newest = null;
      });
    }
    return { unchanged: false, manifest, ...(await this.#newest.content) };
  }

  async #build(sequence: number): Promise<Content> {
    const { documents, segments } = this.#store;
    const ordinals = new Map<number, number[]>();
    for (const { segment, ordinal } of [...segments.unpublishedDeletions(), ...documents.outdatedPlaces()]) {
      const list = ordinals.get(segment);
      if (list === undefined) ordinals.set(segment, [ordinal]);
      else list.push(ordinal);
    }
    const deleted = Object.fromEntries(
      [...ordinals].map(([segment, list]) => [
        segments.idOf(segment),
        encodeOrdinals(Uint32Array.from(list).sort()),
      ]),
    );
    const fresh = documents
      .fresh(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
      .map(({ number }) => documents.encoded(number)!.document);
    if (fresh.length === 0) return { sequence, segment: null, parts: {}, deleted };
    const { reference, parts } = await writeSegment(fresh, this.#store.identity.settings);
    return { sequence, segment: reference, parts: Object.fromEntries(parts), deleted };
  }
}
