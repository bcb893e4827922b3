/** A shard that is searched in its own Durable Object: its index is resident there, as a collection's is in a worker. */
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import type { CorpusStatistics } from "../../../shared/search/index/corpus-statistics.ts";
import { isolateMemory } from "../../isolate-memory.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionWriter } from "../collection-writer.ts";
import type { LiveCollection } from "../live-collection.ts";
import type { PublishedStore } from "../published-store.ts";
import { ManifestReader } from "../reader/manifest-reader.ts";
import { PartCache } from "../reader/part-cache.ts";
import { ResidentCollections } from "../reader/resident-collections.ts";
import { rowReader } from "../reader/row-reader.ts";
import { type CollectionView, viewCollection } from "../service/collection-view.ts";
import { askView, withVectors } from "../service/find-documents.ts";
import type { ShardFindings, ShardQuestion, ShardSearcher } from "./shard-searcher.ts";

/** Of all the shards that are in this isolate. */
const residents = new ResidentCollections(isolateMemory);
const parts = new PartCache();

export class ResidentShard implements ShardSearcher {
  readonly #collection: LiveCollection;
  readonly #host: CollectionHost;

  constructor(
    collection: LiveCollection,
    store: PublishedStore,
    waitUntil: (promise: Promise<unknown>) => void,
  ) {
    this.#collection = collection;
    this.#host = {
      ...{ store, waitUntil, bucket: undefined, defaultModel: undefined, vectors: undefined },
      shards: () => [],
      // Itself; nothing that a search asks of a writer crosses over.
      writer: () => collection as unknown as CollectionWriter,
    };
  }

  async statistics(
    terms: readonly (readonly string[])[],
    consistency: ShardQuestion["consistency"],
  ): Promise<CorpusStatistics[]> {
    const { resident, tail } = await this.#view(consistency);
    const count = async () => terms.map((ofQuery) => resident.index.statistics(ofQuery));
    return tail === null ? count() : resident.withTail(tail, count);
  }

  async find({ queries, filter, consistency, vectors }: ShardQuestion): Promise<ShardFindings> {
    const { settings } = this.#collection.identity;
    const compiled = filter === undefined ? null : parseFilter(filter, settings.fields);
    for (;;) {
      const view = await this.#view(consistency);
      const { resident, manifest, segments, tail, missing } = view;
      const { store } = this.#host;
      const source = { store, incarnation: manifest.incarnation, parts: tail?.parts ?? {} };
      const readRows = rowReader((id) => segments.get(id)!, settings.dimensions, parts, source);
      const answers: ShardFindings["answers"][number][] = [];
      for (const query of queries) {
        if (resident.manifest !== manifest) break;
        const { hits, ranges, unread } = await askView(view, query, compiled, readRows);
        const found = vectors
          ? await withVectors(hits, resident.index, readRows)
          : hits.map((hit) => ({ ...hit, vector: null }));
        answers.push({ found, ranges, approximate: unread.length > 0 });
      }
      if (answers.length < queries.length) continue;
      return {
        generation: manifest.generation,
        sequence: tail?.sequence ?? manifest.sequence,
        missing,
        answers,
      };
    }
  }

  async #view(consistency: ShardQuestion["consistency"]): Promise<CollectionView> {
    // Its own, which is never late.
    const resident = await residents.get(await this.#collection.manifest(), this.#host);
    return viewCollection(resident, consistency, { manifests: new ManifestReader(), residents }, this.#host);
  }
}
