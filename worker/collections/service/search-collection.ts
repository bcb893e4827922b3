/** A search from its request to its answer: open, embed, scan, read documents, print. */
import type {
  MissingPart,
  SearchAnswer,
  SearchAnswers,
} from "../../../shared/api/collections/search-answer.ts";
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import type { CompiledFilter } from "../../../shared/search/filter/compiled-filter.ts";
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import { documentKey } from "../reader/document-reader.ts";
import type { PartSource } from "../reader/part-cache.ts";
import type { ResidentCollection } from "../reader/resident-collection.ts";
import { rowReader } from "../reader/row-reader.ts";
import { type CollectionView, openCollection, viewCollection } from "./collection-view.ts";
import { type Found, findDocuments } from "./find-documents.ts";
import { needsModel, type PreparedQuery, prepareQuery, queriesOf } from "./prepared-query.ts";
import { printResult } from "./search-result.ts";

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
  const opened = await openCollection(name, services, host);
  const { settings } = opened.manifest;
  const filter = request.filter === undefined ? null : parseFilter(request.filter, settings.fields);
  const embeds = queries.some(({ asked }) => needsModel(asked, request.mode));
  const loaded = embeds ? await services.registry.getPinned(settings.model, host) : null;
  clock.lap("load");

  const prepared: PreparedQuery[] = [];
  for (const { asked, path } of queries) {
    const context = {
      model: loaded?.model ?? null,
      settings,
      index: opened.index,
      writer: host.writer(name),
    };
    prepared.push(await prepareQuery(asked, path, request.mode, context));
  }
  clock.lap("embed");

  const { view, found, approximate } = await findAll(opened, prepared, request, filter, services, host);
  clock.lap("search");

  const source = sourceOf(view, host);
  const { documents, missing } = await readDocuments(found.flat(), view, source, request, services);
  const answers = found.map((hits, i) => ({
    results: hits.map((hit) => {
      const document = documents.get(documentKey(hit.segment, hit.ordinal));
      return printResult(hit, document, prepared[i]!, request);
    }),
  }));
  clock.lap("documents");

  const tokens = prepared.reduce((sum, query) => sum + query.tokens, 0);
  const allMissing = [...view.missing, ...missing];
  const rest = {
    object: "list" as const,
    generation: view.manifest.generation,
    partial: allMissing.length > 0,
    ...(allMissing.length > 0 ? { missing: allMissing } : {}),
    ...(request.consistency === "strong" ? { sequence: view.tail?.sequence ?? view.manifest.sequence } : {}),
    ...(approximate ? { approximate } : {}),
    model: settings.model.name,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    timing: clock.timing,
  };
  return request.queries === undefined ? { ...rest, results: answers[0]!.results } : { ...rest, answers };
}

/** Answers all queries out of one manifest: if another is shown meanwhile, from the beginning. */
async function findAll(
  opened: ResidentCollection,
  prepared: readonly PreparedQuery[],
  request: SearchRequest,
  filter: CompiledFilter | null,
  services: CollectionServices,
  host: CollectionHost,
): Promise<{ view: CollectionView; found: Found[][]; approximate: boolean }> {
  for (;;) {
    const view = await viewCollection(opened, request.consistency, services, host);
    const { resident, manifest, segments } = view;
    const { dimensions } = manifest.settings;
    const source = sourceOf(view, host);
    const readRows = rowReader((id) => segments.get(id)!, dimensions, services.parts, source);
    const found: Found[][] = [];
    let approximate = false;
    for (const query of prepared) {
      if (resident.manifest !== manifest) break;
      const answer = await findDocuments(view, query, request, filter, readRows);
      found.push(answer.found);
      approximate ||= answer.approximate;
    }
    if (found.length === prepared.length) return { view, found, approximate };
  }
}

function sourceOf({ manifest, tail }: CollectionView, { store }: CollectionHost): PartSource {
  return { store, incarnation: manifest.incarnation, parts: tail?.parts ?? {} };
}

/** The documents of all hits, each once, if anything of them is asked for. */
async function readDocuments(
  hits: readonly Found[],
  view: CollectionView,
  source: PartSource,
  { include, snippet }: SearchRequest,
  services: CollectionServices,
): Promise<{ documents: Map<string, SourceDocument>; missing: MissingPart[] }> {
  const missing = new Map<string, MissingPart>();
  if (!include.includes("text") && !include.includes("metadata") && snippet === false) {
    return { documents: new Map(), missing: [] };
  }
  const places = new Map(
    hits.map(({ segment, ordinal, id }) => [
      documentKey(segment, ordinal),
      { segment: view.segments.get(segment)!, ordinal, id },
    ]),
  );
  const documents = await services.documents.read([...places.values()], source, (segment, error) => {
    const reason = error instanceof Error ? error.message : String(error);
    missing.set(segment, { segment, part: "documents", reason });
  });
  return { documents, missing: [...missing.values()] };
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
