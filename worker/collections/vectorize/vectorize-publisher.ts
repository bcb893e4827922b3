/** Brings a collection's documents into a Vectorize index and out of it; does nothing for other backends. */
import { NearvecError } from "../../../shared/errors.ts";
import type { EncodedDocument } from "../../../shared/search/collection/document.ts";
import type { CollectionStore } from "../collection-store.ts";
import { vectorsNotBound } from "../not-bound.ts";
import { storedVectors, vectorId, vectorPrefix } from "./stored-vector.ts";
import { maxVectorsPerCall, type VectorStore } from "./vector-store.ts";

/** The part of an index that a writer needs. */
export type VectorSink = Pick<VectorStore, "upsert" | "deleteByIds">;

/** Documents whose former vectors are deleted before that is remembered. */
const documentsPerStep = 500;

/**
 * Vectorize does later what it is told, and is taken to do it in that order. So what is former is deleted first and then the
 * new is written; both may be done twice. Must not be called twice at a time.
 */
export class VectorizePublisher {
  readonly #store: CollectionStore;
  readonly #vectors: VectorSink | undefined;

  /** @param vectors undefined where there is no binding: what needs it fails */
  constructor(store: CollectionStore, vectors: VectorSink | undefined) {
    this.#store = store;
    this.#vectors = vectors;
  }

  get isUsed(): boolean {
    return this.#store.identity.settings.backend === "vectorize";
  }

  /** @throws NearvecError `storage_unavailable`, `collections_unavailable` without the binding */
  async write(documents: Iterable<EncodedDocument>): Promise<void> {
    if (!this.isUsed) return;
    const { settings, incarnation } = this.#store.identity;
    let batch: VectorizeVector[] = [];
    for (const document of documents) {
      batch.push(...(await storedVectors(document, settings, incarnation)));
      while (batch.length >= maxVectorsPerCall) {
        await this.#upsert(batch.slice(0, maxVectorsPerCall));
        batch = batch.slice(maxVectorsPerCall);
      }
    }
    if (batch.length > 0) await this.#upsert(batch);
  }

  /** Deletes what no document has any more, step by step. @throws NearvecError as `write`; what was deleted is remembered */
  async deleteFormer(): Promise<void> {
    if (!this.isUsed) return;
    const { formerVectors, identity } = this.#store;
    for (;;) {
      const step = formerVectors.some(documentsPerStep);
      if (step.length === 0) return;
      let names: string[] = [];
      for (const { id, present, entries } of step) {
        const prefix = await vectorPrefix(identity.incarnation, id);
        for (let entry = present; entry < entries; entry++) {
          names.push(vectorId(prefix, entry));
          if (names.length < maxVectorsPerCall) continue;
          await this.#delete(names);
          names = [];
        }
      }
      if (names.length > 0) await this.#delete(names);
      this.#store.transaction(() => {
        for (const former of step) formerVectors.forget(former);
      });
    }
  }

  #upsert(vectors: VectorizeVector[]): Promise<void> {
    return this.#call(`take ${vectors.length} vectors`, (index) => index.upsert(vectors));
  }

  #delete(names: string[]): Promise<void> {
    return this.#call(`delete ${names.length} vectors`, (index) => index.deleteByIds(names));
  }

  async #call(what: string, work: (index: VectorSink) => Promise<unknown>): Promise<void> {
    if (this.#vectors === undefined) throw vectorsNotBound();
    try {
      await work(this.#vectors);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new NearvecError(
        "storage_unavailable",
        `Expected Vectorize to ${what}, but it failed: ${reason}. It is tried again.`,
        { cause },
      );
    }
  }
}
