/**
 * Search in a collection that is spread over shards, all of which are asked at the same time: first what BM25 must know
 * of the whole, then between which scores all lie, then for the best; what they find is put together here.
 */
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { maxPageSize } from "../../../shared/limits.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import type { Manifest } from "../../../shared/search/collection/manifest.ts";
import { shardName } from "../../../shared/search/collection/shards.ts";
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import { sumStatistics } from "../../../shared/search/index/corpus-statistics.ts";
import type { IndexQuery } from "../../../shared/search/index/index-query.ts";
import { compareCodePoints } from "../../../shared/search/segment/code-point-order.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionWriter } from "../collection-writer.ts";
import { chooseResults, indexQueryOf } from "../service/find-documents.ts";
import type { Found } from "../service/found.ts";
import type { PreparedQuery } from "../service/prepared-query.ts";
import type { Findings, FoundDocuments, SearchBackend } from "../service/search-backend.ts";
import { fuseRankings, rankedQueries } from "./fuse-rankings.ts";
import { joinRanges } from "./join-ranges.ts";
import type { ShardFindings, ShardQuestion, ShardSearcher } from "./shard-searcher.ts";

type ShardQuery = Omit<IndexQuery, "filter">;

export class ShardedSearch implements SearchBackend {
  readonly settings: CollectionSettings;
  readonly defaultMode = "hybrid";
  readonly #name: string;
  readonly #request: SearchRequest;
  readonly #shards: readonly ShardSearcher[];
  readonly #writer: Pick<CollectionWriter, "read" | "readVector">;
  readonly #documents = new Map<string, SourceDocument>();
  /** By the shard's number: one that failed is not asked again. */
  readonly #failed = new Map<number, MissingPart>();

  /** @throws NearvecError `invalid_request` for the filter */
  constructor(manifest: Manifest, request: SearchRequest, host: CollectionHost) {
    this.settings = manifest.settings;
    this.#name = manifest.name;
    this.#request = request;
    if (request.filter !== undefined) parseFilter(request.filter, this.settings.fields);
    this.#shards = host.shards(manifest);
    this.#writer = host.writer(manifest.name);
  }

  vectorOf(id: string): Promise<Float32Array | null> {
    return this.#writer.readVector(id);
  }

  async find(queries: readonly PreparedQuery[]): Promise<Findings> {
    const byRank = this.#request.fusion.type === "reciprocal_rank";
    const asked = await this.#withStatistics(queries.map((query) => indexQueryOf(query, this.#request)));
    const isFused = ({ mode }: ShardQuery) => mode === "hybrid";
    const ranged = byRank ? asked : await this.#withRanges(asked, isFused);
    const questions = ranged.map((query) => (byRank && isFused(query) ? rankedQueries(query) : [query]));
    const shards = await this.#findAll(questions.flat(), this.#wantsVectors);
    let next = 0;
    const found = questions.map((own, i) => {
      const lists = own.map(() => merge(shards, next++));
      const candidates = own.length === 1 ? lists[0]! : fuseRankings(lists, ranged[i]!);
      return chooseResults(candidates, queries[i]!, this.#request);
    });
    await this.#readDocuments(found.flat());
    const sum = (of: (shard: ShardFindings) => number) =>
      shards.reduce((total, shard) => total + of(shard), 0);
    return {
      // What has been deleted since is left out.
      found: this.#needsDocuments
        ? found.map((hits) => hits.filter(({ id }) => this.#documents.has(id)))
        : found,
      generation: sum(({ generation }) => generation),
      sequence: this.#request.consistency === "strong" ? sum(({ sequence }) => sequence) : null,
      missing: [...this.#failed.values(), ...shards.flatMap(({ missing }) => missing)],
      approximate: shards.some(({ answers }) => answers.some(({ approximate }) => approximate)),
    };
  }

  async read(): Promise<FoundDocuments> {
    return { of: ({ id }) => this.#documents.get(id), missing: [] };
  }

  get #wantsVectors(): boolean {
    return this.#request.diversity > 0 || this.#request.include.includes("vector");
  }

  get #needsDocuments(): boolean {
    const { include, snippet } = this.#request;
    return include.includes("text") || include.includes("metadata") || snippet !== false;
  }

  /** With what BM25 must know of all shards together. */
  async #withStatistics(queries: readonly ShardQuery[]): Promise<ShardQuery[]> {
    if (queries.every(({ mode }) => mode === "vector")) return [...queries];
    const { consistency } = this.#request;
    const terms = queries.map((query) => query.terms ?? []);
    const shards = await this.#ask((shard) => shard.statistics(terms, consistency));
    return queries.map((query, i) => ({
      ...query,
      statistics: sumStatistics(shards.map((statistics) => statistics[i]!)),
    }));
  }

  /** With the ranges that weighted fusion brings scores to. */
  async #withRanges(
    queries: readonly ShardQuery[],
    isFused: (query: ShardQuery) => boolean,
  ): Promise<ShardQuery[]> {
    const fused = queries.filter(isFused);
    if (fused.length === 0) return [...queries];
    const shards = await this.#findAll(
      fused.map((query) => ({ ...query, limit: 0 })),
      false,
    );
    return queries.map((query) => {
      if (!isFused(query)) return query;
      const ranges = joinRanges(shards.map(({ answers }) => answers[fused.indexOf(query)]!.ranges));
      return ranges === null ? query : { ...query, ranges };
    });
  }

  #findAll(queries: readonly ShardQuery[], vectors: boolean): Promise<ShardFindings[]> {
    const { filter, consistency } = this.#request;
    const question: ShardQuestion = { queries, filter, consistency, vectors };
    return this.#ask((shard) => shard.find(question));
  }

  /** The answers of all shards that give one; of the others it is remembered why not. */
  async #ask<Answer>(ask: (shard: ShardSearcher) => Promise<Answer>): Promise<Answer[]> {
    const answers = await Promise.all(
      this.#shards.map(async (shard, number) => {
        if (this.#failed.has(number)) return [];
        try {
          return [await ask(shard)];
        } catch (error) {
          // What is wrong with the question, or gone with the collection, is no matter of one shard.
          if (!NearvecError.isInstance(error) || error.status < 500) throw error;
          this.#failed.set(number, {
            segment: shardName(this.#name, number),
            part: "index",
            reason: error.message,
          });
          return [];
        }
      }),
    );
    return answers.flat();
  }

  /** From the writers, which have them at hand: the newest versions. */
  async #readDocuments(hits: readonly Found[]): Promise<void> {
    if (!this.#needsDocuments) return;
    const ids = [...new Set(hits.map(({ id }) => id))];
    for (let start = 0; start < ids.length; start += maxPageSize) {
      for (const document of await this.#writer.read(ids.slice(start, start + maxPageSize))) {
        if (document !== null) this.#documents.set(document.id, document);
      }
    }
  }
}

/** What all shards found by one of the queries, best first; of equals the one whose id comes first. */
function merge(shards: readonly ShardFindings[], query: number): Found[] {
  return shards
    .flatMap(({ answers }) => answers[query]!.found)
    .sort((left, right) => right.score - left.score || compareCodePoints(left.id, right.id));
}
