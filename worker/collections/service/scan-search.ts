/** Search by the scan of what is resident in this isolate. */
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { CompiledFilter } from "../../../shared/search/filter/compiled-filter.ts";
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import { documentKey } from "../reader/document-reader.ts";
import type { PartSource } from "../reader/part-cache.ts";
import type { ResidentCollection } from "../reader/resident-collection.ts";
import { rowReader } from "../reader/row-reader.ts";
import { type CollectionView, viewCollection } from "./collection-view.ts";
import { findDocuments } from "./find-documents.ts";
import type { Found } from "./found.ts";
import type { PreparedQuery } from "./prepared-query.ts";
import type { Findings, FoundDocuments, SearchBackend } from "./search-backend.ts";

export class ScanSearch implements SearchBackend {
  readonly settings: CollectionSettings;
  readonly defaultMode = "hybrid";
  readonly #opened: ResidentCollection;
  readonly #request: SearchRequest;
  readonly #filter: CompiledFilter | null;
  readonly #services: CollectionServices;
  readonly #host: CollectionHost;
  #view: CollectionView | null = null;

  /** @throws NearvecError `invalid_request` for the filter */
  constructor(
    opened: ResidentCollection,
    request: SearchRequest,
    services: CollectionServices,
    host: CollectionHost,
  ) {
    this.settings = opened.manifest.settings;
    this.#opened = opened;
    this.#request = request;
    this.#filter = request.filter === undefined ? null : parseFilter(request.filter, this.settings.fields);
    this.#services = services;
    this.#host = host;
  }

  /** Out of the index if the document is published, else from the writer. */
  async vectorOf(id: string): Promise<Float32Array | null> {
    const { index, manifest } = this.#opened;
    const place = index.findId(id);
    return (place && index.vectorOf(place)) ?? this.#host.writer(manifest.name).readVector(id);
  }

  /** Answers all queries out of one manifest: if another is shown meanwhile, from the beginning. */
  async find(queries: readonly PreparedQuery[]): Promise<Findings> {
    for (;;) {
      const { consistency } = this.#request;
      const view = await viewCollection(this.#opened, consistency, this.#services, this.#host);
      const { resident, manifest, segments, tail, missing } = view;
      const { dimensions } = manifest.settings;
      const readRows = rowReader(
        (id) => segments.get(id)!,
        dimensions,
        this.#services.parts,
        this.#sourceOf(view),
      );
      const found: Found[][] = [];
      let approximate = false;
      for (const query of queries) {
        if (resident.manifest !== manifest) break;
        const answer = await findDocuments(view, query, this.#request, this.#filter, readRows);
        found.push(answer.found);
        approximate ||= answer.approximate;
      }
      if (found.length < queries.length) continue;
      this.#view = view;
      const sequence = consistency === "strong" ? (tail?.sequence ?? manifest.sequence) : null;
      return { found, generation: manifest.generation, sequence, missing, approximate };
    }
  }

  async read(hits: readonly Found[]): Promise<FoundDocuments> {
    const { include, snippet } = this.#request;
    if (!include.includes("text") && !include.includes("metadata") && snippet === false) {
      return { of: () => undefined, missing: [] };
    }
    const view = this.#view!;
    const places = new Map(
      hits.map(({ segment, ordinal, id }) => [
        documentKey(segment, ordinal),
        { segment: view.segments.get(segment)!, ordinal, id },
      ]),
    );
    const missing = new Map<string, MissingPart>();
    const documents = await this.#services.documents.read(
      [...places.values()],
      this.#sourceOf(view),
      (segment, error) => {
        const reason = error instanceof Error ? error.message : String(error);
        missing.set(segment, { segment, part: "documents", reason });
      },
    );
    return {
      of: ({ segment, ordinal }) => documents.get(documentKey(segment, ordinal)),
      missing: [...missing.values()],
    };
  }

  #sourceOf({ manifest, tail }: CollectionView): PartSource {
    const { store } = this.#host;
    return { store, incarnation: manifest.incarnation, parts: tail?.parts ?? {} };
  }
}
