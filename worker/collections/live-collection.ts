/** A collection that is there, in its Durable Object: the parts of the writer put together, and when they run. */
import { NearvecError } from "../../shared/errors.ts";
import { publishDelayMilliseconds } from "../../shared/limits.ts";
import type { Metadata } from "../../shared/search/collection/document.ts";
import type { Manifest } from "../../shared/search/collection/manifest.ts";
import type { SegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { matchesFilter } from "../../shared/search/filter/matches-filter.ts";
import { parseFilter } from "../../shared/search/filter/parse-filter.ts";
import type { FilterExpression } from "../../shared/search/filter-expression.ts";
import { adoptSegment, expectVectors, readUpload } from "./adoption.ts";
import type { CollectionIdentity, CollectionStore } from "./collection-store.ts";
import type {
  CollectionWriter,
  DocumentContent,
  DocumentPage,
  Removal,
  StoredDocument,
  Tail,
  WriteOutcome,
  WriterDescription,
  WrittenDocument,
} from "./collection-writer.ts";
import { deleteManifest, destroyCollection } from "./destruction.ts";
import { DocumentWrites } from "./document-writes.ts";
import { collectGarbage, garbageDue } from "./garbage-collection.ts";
import { KvPartStore, type PublicStore } from "./kv-part-store.ts";
import { putParts } from "./part-publisher.ts";
import type { ProgressValues } from "./progress.ts";
import { publishDue, retryDelay } from "./publish-schedule.ts";
import { Publisher } from "./publisher.ts";
import { SerialWork } from "./serial-work.ts";
import type { ShardFamily } from "./shard-family.ts";
import { TailSegment } from "./tail-segment.ts";
import { VectorizePublisher, type VectorSink } from "./vectorize/vectorize-publisher.ts";

export class LiveCollection implements Omit<CollectionWriter, "create"> {
  readonly #store: CollectionStore;
  readonly #storage: DurableObjectStorage;
  readonly #kv: KvPartStore;
  readonly #vectors: VectorizePublisher;
  readonly #publisher: Publisher;
  readonly #writes: DocumentWrites;
  readonly #tail: TailSegment;
  readonly #shards: ShardFamily | null;
  /** Everything that changes KV and Vectorize. */
  readonly #publishing = new SerialWork();
  /** Milliseconds since 1970; null if no alarm is set. */
  #alarmAt: number | null = null;

  /**
   * @param shards of a collection that is spread over others; null of any other
   * @param vectors the index of collections whose backend is Vectorize
   */
  constructor(
    store: CollectionStore,
    storage: DurableObjectStorage,
    namespace: PublicStore,
    shards: ShardFamily | null = null,
    vectors?: VectorSink,
  ) {
    this.#store = store;
    this.#storage = storage;
    this.#kv = new KvPartStore(namespace, () => store.progress.add("kv_writes", 1));
    this.#vectors = new VectorizePublisher(store, vectors);
    this.#publisher = new Publisher(store, this.#kv, this.#vectors, () => storage.sync());
    this.#writes = new DocumentWrites(store);
    this.#tail = new TailSegment(store);
    this.#shards = shards;
  }

  get destroying(): boolean {
    return !this.#store.alive || this.#store.progress.get().destroying === 1;
  }

  /** False once all of it has been deleted. */
  get alive(): boolean {
    return this.#store.alive;
  }

  get identity(): CollectionIdentity {
    return this.#store.identity;
  }

  /** Sees to it that an alarm is set if there is anything to do: a crash may have come before it was. */
  async resume(): Promise<void> {
    this.#alarmAt = await this.#storage.getAlarm();
    this.#schedule();
  }

  /** What the alarm does: publishes what is due, and deletes what no reader can need. */
  async wake(): Promise<void> {
    this.#alarmAt = null;
    await this.#publishing
      .run(async () => {
        if (!this.#store.alive) return;
        if (this.destroying) return this.#destroy();
        const due = this.#publishDue();
        if (due !== null && due <= Date.now()) await this.#publisher.run();
        if (this.#publishDue() === null) await collectGarbage(this.#store, this.#kv);
      })
      .catch((error: unknown) => this.#noteFailure(error));
    if (this.#store.alive) this.#schedule();
  }

  /** Publishes everything now. @throws NearvecError `storage_unavailable` */
  async publish(): Promise<void> {
    await this.#publishing.run(async () => {
      this.#store.checkAlive();
      const { progress } = this.#store;
      const isDone = ({ unpublished_since, generation, confirmed_generation }: ProgressValues): boolean =>
        unpublished_since === null && generation === confirmed_generation;
      while (!isDone(progress.get())) await this.#publisher.run();
    });
    this.#schedule();
  }

  async describe(): Promise<WriterDescription> {
    const { name, settings, incarnation, createdAt } = this.#store.identity;
    const state = this.#store.progress.get();
    return {
      ...{ name, settings, incarnation, createdAt },
      generation: state.generation,
      publishedSequence: state.confirmed_sequence,
      sequence: state.sequence,
      documents: state.documents,
      publishError: state.publish_error,
      kvWrites: state.kv_writes,
      placements: state.placements,
    };
  }

  async manifest(): Promise<Manifest> {
    return this.#store.manifest;
  }

  async unchanged(documents: readonly DocumentContent[]): Promise<boolean[]> {
    return documents.map(
      ({ id, contentHash }) => this.#store.documents.find(id)?.contentHash === contentHash,
    );
  }

  async write(
    documents: readonly WrittenDocument[],
  ): Promise<{ readonly sequence: number; readonly outcomes: readonly WriteOutcome[] }> {
    return this.#thenSchedule(this.#writes.write(documents));
  }

  async read(ids: readonly string[]): Promise<(StoredDocument | null)[]> {
    return ids.map((id) => this.#store.documents.read(id));
  }

  async readVector(id: string): Promise<Float32Array | null> {
    const row = this.#store.documents.find(id);
    if (row === null) return null;
    const { values, scales } = this.#store.documents.vectors.get(row.number);
    const { dimensions } = this.#store.identity.settings;
    return Float32Array.from(values.subarray(0, dimensions), (value) => value * scales[0]!);
  }

  async readVectors(ids: readonly string[]): Promise<(Float32Array | null)[]> {
    return Promise.all(ids.map((id) => this.readVector(id)));
  }

  async list(page: DocumentPage): Promise<StoredDocument[]> {
    return this.#store.documents.page(page);
  }

  async patch(id: string, patch: Metadata): Promise<StoredDocument | null> {
    return this.#thenSchedule(this.#writes.patch(id, patch));
  }

  async remove(ids: readonly string[]): Promise<Removal> {
    return this.#thenSchedule(this.#writes.remove(ids));
  }

  async removeMatching(filter: FilterExpression): Promise<Removal> {
    const compiled = parseFilter(filter, this.#store.identity.settings.fields);
    // Every step is a write of its own, and any of them may be the last.
    const removal = this.#writes.removeMatching((metadata) => matchesFilter(compiled, metadata));
    try {
      return await removal;
    } finally {
      if (this.#store.alive) this.#schedule();
    }
  }

  async removeAll(): Promise<Removal> {
    return this.#thenSchedule(this.#writes.removeAll());
  }

  async tail(generation: number, sequence: number): Promise<Tail> {
    if (this.#tail.isTooLarge()) await this.publish();
    return this.#tail.read(generation, sequence);
  }

  async adopted(ids: readonly string[]): Promise<boolean[]> {
    return ids.map((id) => this.#store.hasAdopted(id));
  }

  async adopt(upload: SegmentUpload): Promise<{ readonly sequence: number }> {
    const documents = readUpload(this.#store.identity.settings, upload);
    return this.#publishing.run(async () => {
      this.#store.checkAlive();
      if (!this.#store.hasAdopted(upload.segment.id)) {
        await putParts(this.#store, this.#kv, upload.parts);
        if (this.#vectors.isUsed) {
          this.#store.checkAlive();
          this.#thenSchedule(expectVectors(this.#store, documents));
          await this.#vectors.write(documents);
        }
      }
      this.#store.checkAlive();
      return this.#thenSchedule({ sequence: adoptSegment(this.#store, upload, documents) });
    });
  }

  /** Once the manifest is gone, so is the collection for everyone else; what is left to do then the alarm may do, too. */
  async destroy(): Promise<boolean> {
    this.#store.progress.set({ destroying: 1 });
    this.#schedule();
    await this.#publishing.run(async () => {
      if (!this.#store.alive) return;
      await deleteManifest(this.#store, this.#kv);
      await this.#destroy().catch((error: unknown) => this.#noteFailure(error));
    });
    return true;
  }

  /** Sees to it that there are shards to be asked. @throws NearvecError `storage_unavailable` */
  async ensureShards(): Promise<void> {
    await this.#shards?.ensure();
  }

  async #destroy(): Promise<void> {
    await destroyCollection(this.#store, this.#kv, this.#vectors, this.#storage, this.#shards);
  }

  /** In the same turn as the write, so that both are stored or neither. */
  #thenSchedule<Result>(result: Result): Result {
    this.#schedule();
    return result;
  }

  #schedule(): void {
    const now = Date.now();
    // Soon enough for whatever has been written; the alarm itself finds out when it is really due.
    if (this.#alarmAt !== null && this.#alarmAt <= now + publishDelayMilliseconds) return;
    const times = this.destroying
      ? [Math.max(now, this.#store.progress.get().retry_at)]
      : [this.#publishDue(), garbageDue(this.#store)];
    const next = Math.min(...times.map((time) => time ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY || (this.#alarmAt !== null && this.#alarmAt <= next)) return;
    this.#alarmAt = next;
    void this.#storage.setAlarm(next);
  }

  #publishDue(): number | null {
    const { progress, documents } = this.#store;
    return publishDue(progress.get(), () => documents.freshTotals(), Date.now());
  }

  #noteFailure(error: unknown): void {
    if (!this.#store.alive) return;
    const { progress, identity } = this.#store;
    const message = error instanceof Error ? error.message : String(error);
    const failures = progress.get().failures + 1;
    progress.set({ failures, retry_at: Date.now() + retryDelay(failures), publish_error: message });
    const event = NearvecError.isInstance(error) ? "publish_failed" : "publish_broken";
    console.error({ event, collection: identity.name, failures, error: message });
  }
}
