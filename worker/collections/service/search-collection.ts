/** A search from its request to its answer: open, embed, find, read documents, print. */
import type { SearchAnswer, SearchAnswers } from "../../../shared/api/collections/search-answer.ts";
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { printResult } from "../../../shared/search/answer/search-result.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import { ShardedSearch } from "../shards/sharded-search.ts";
import { VectorizeSearch } from "../vectorize/vectorize-search.ts";
import { needsModel, prepareQuery, queriesOf } from "./prepare-query.ts";
import type { PreparedQuery } from "./prepared-query.ts";
import { ScanSearch } from "./scan-search.ts";
import type { SearchBackend } from "./search-backend.ts";

type Timing = SearchAnswer["timing"];

/**
 * @throws NearvecError `collection_not_found`, `invalid_request`, `document_not_found` and what loading throws
 */
export async function searchCollection(
  name: string,
  request: SearchRequest,
  services: CollectionServices,
  host: CollectionHost,
): Promise<SearchAnswer | SearchAnswers> {
  const clock = new Stopwatch();
  const queries = queriesOf(request);
  const backend = await openBackend(name, request, services, host);
  const { model: pinned } = backend.settings;
  const embeds = queries.some(({ asked }) => needsModel(asked, request.mode));
  const loaded = embeds ? await services.registry.getPinned(pinned, host) : null;
  clock.lap("load");

  const prepared: PreparedQuery[] = [];
  for (const { asked, path } of queries) {
    prepared.push(await prepareQuery(asked, path, request.mode, loaded?.model ?? null, backend));
  }
  clock.lap("embed");

  const { found, generation, sequence, missing, approximate } = await backend.find(prepared);
  clock.lap("search");

  const documents = await backend.read(found.flat());
  const answers = found.map((hits, i) => ({
    results: hits.map((hit) => printResult(hit, documents.of(hit), prepared[i]!, request)),
  }));
  clock.lap("documents");

  const tokens = prepared.reduce((sum, query) => sum + query.tokens, 0);
  const allMissing = [...missing, ...documents.missing];
  const rest = {
    object: "list" as const,
    generation,
    partial: allMissing.length > 0,
    ...(allMissing.length > 0 ? { missing: allMissing } : {}),
    ...(sequence === null ? {} : { sequence }),
    ...(approximate ? { approximate } : {}),
    model: pinned.name,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    timing: clock.timing,
  };
  return request.queries === undefined ? { ...rest, results: answers[0]!.results } : { ...rest, answers };
}

async function openBackend(
  name: string,
  request: SearchRequest,
  services: CollectionServices,
  host: CollectionHost,
): Promise<SearchBackend> {
  const manifest = await services.manifests.read(name, host);
  const { backend, shards } = manifest.settings;
  if (backend === "vectorize") return new VectorizeSearch(manifest, request, host);
  if (shards > 1) return new ShardedSearch(manifest, request, host);
  return new ScanSearch(await services.residents.get(manifest, host), request, services, host);
}

/** Milliseconds of each stage. */
class Stopwatch {
  readonly timing: Timing = { load: 0, embed: 0, search: 0, documents: 0 };
  #last = performance.now();

  lap(stage: keyof Timing): void {
    const now = performance.now();
    this.timing[stage] = Math.round((this.timing[stage] + now - this.#last) * 1000) / 1000;
    this.#last = now;
  }
}
