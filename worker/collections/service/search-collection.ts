/** A search from its request to its answer: open, embed, scan, read documents, print. */
import type {
  MissingPart,
  SearchAnswer,
  SearchAnswers,
} from "../../../shared/api/collections/search-answer.ts";
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import { documentKey } from "../reader/document-reader.ts";
import { type CollectionView, openCollection, segmentOf, viewCollection } from "./collection-view.ts";
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

  const view = await viewCollection(opened, request.consistency, services, host);
  const { manifest } = view.resident;
  clock.lap("load");
  const found: Found[][] = [];
  for (const query of prepared) found.push(await findDocuments(view, query, request, filter));
  clock.lap("search");

  const { documents, missing } = await readDocuments(found.flat(), view, request, services, host);
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
    generation: manifest.generation,
    partial: allMissing.length > 0,
    ...(allMissing.length > 0 ? { missing: allMissing } : {}),
    ...(request.consistency === "strong" ? { sequence: view.tail?.sequence ?? manifest.sequence } : {}),
    model: settings.model.name,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    timing: clock.timing,
  };
  return request.queries === undefined ? { ...rest, results: answers[0]!.results } : { ...rest, answers };
}

/** The documents of all hits, each once, if anything of them is asked for. */
async function readDocuments(
  hits: readonly Found[],
  view: CollectionView,
  { include, snippet }: SearchRequest,
  services: CollectionServices,
  { store }: CollectionHost,
): Promise<{ documents: Map<string, SourceDocument>; missing: MissingPart[] }> {
  const missing = new Map<string, MissingPart>();
  if (!include.includes("text") && !include.includes("metadata") && snippet === false) {
    return { documents: new Map(), missing: [] };
  }
  const places = new Map(
    hits.map(({ segment, ordinal, id }) => [
      documentKey(segment, ordinal),
      { segment: segmentOf(view, segment), ordinal, id },
    ]),
  );
  const source = {
    store,
    incarnation: view.resident.manifest.incarnation,
    parts: view.tail?.parts ?? {},
  };
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
