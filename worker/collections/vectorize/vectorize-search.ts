/** Search in a collection whose vectors are in Vectorize: by vectors alone, approximately, and seconds late. */

import type { SearchRequest } from "../../../shared/api/collections/search-request.ts";
import { NearvecError } from "../../../shared/errors.ts";
import { maxPageSize } from "../../../shared/limits.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import type { Manifest } from "../../../shared/search/collection/manifest.ts";
import { parseFilter } from "../../../shared/search/filter/parse-filter.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionWriter } from "../collection-writer.ts";
import { vectorsNotBound } from "../not-bound.ts";
import type { Found } from "../service/found.ts";
import type { PreparedQuery } from "../service/prepared-query.ts";
import type { Findings, FoundDocuments, SearchBackend } from "../service/search-backend.ts";
import { type EntryMetadata, parseVectorId, vectorPrefix } from "./stored-vector.ts";
import { maxMatches, maxVectorsPerRead, type VectorStore } from "./vector-store.ts";
import { vectorizeFilter } from "./vectorize-filter.ts";

/** What hits are said to be in: there are no segments. */
const segment = "vectorize";

export class VectorizeSearch implements SearchBackend {
  readonly settings: CollectionSettings;
  readonly defaultMode = "vector";
  readonly #manifest: Manifest;
  readonly #request: SearchRequest;
  readonly #filter: VectorizeVectorMetadataFilter | undefined;
  readonly #writer: Pick<CollectionWriter, "read" | "readVector">;
  readonly #store: VectorStore;
  readonly #documents = new Map<string, SourceDocument>();

  /** @throws NearvecError `invalid_request` naming what this backend does not have, `collections_unavailable` */
  constructor(manifest: Manifest, request: SearchRequest, host: CollectionHost) {
    checkRequest(request);
    this.#manifest = manifest;
    this.settings = manifest.settings;
    this.#request = request;
    this.#filter =
      request.filter === undefined
        ? undefined
        : vectorizeFilter(parseFilter(request.filter, this.settings.fields));
    this.#writer = host.writer(manifest.name);
    if (host.vectors === undefined) throw vectorsNotBound();
    this.#store = host.vectors;
  }

  vectorOf(id: string): Promise<Float32Array | null> {
    return this.#writer.readVector(id);
  }

  /** What Vectorize still has of documents that are gone is left out: their writer knows. */
  async find(queries: readonly PreparedQuery[]): Promise<Findings> {
    const candidates: Found[][] = [];
    for (const query of queries) candidates.push(await this.#findOne(query));
    await this.#readDocuments(candidates.flat());
    const found = candidates.map((hits) => hits.filter(({ id }) => this.#documents.has(id)));
    return { found, generation: this.#manifest.generation, sequence: null, missing: [], approximate: true };
  }

  async read(): Promise<FoundDocuments> {
    return { of: ({ id }) => this.#documents.get(id), missing: [] };
  }

  /** Vectorize has no room for documents; their writer has them. */
  async #readDocuments(hits: readonly Found[]): Promise<void> {
    const ids = [...new Set(hits.map(({ id }) => id))];
    for (let start = 0; start < ids.length; start += maxPageSize) {
      for (const document of await this.#writer.read(ids.slice(start, start + maxPageSize))) {
        if (document !== null) this.#documents.set(document.id, document);
      }
    }
  }

  /** A document once, by its best entry. */
  async #findOne({ vector, excludedId }: PreparedQuery): Promise<Found[]> {
    const { offset, top_k, min_score = Number.NEGATIVE_INFINITY } = this.#request;
    const { matches } = await this.#store.query(vector!, {
      topK: maxMatches,
      // One index serves many collections.
      namespace: this.#manifest.incarnation,
      returnValues: false,
      returnMetadata: "none",
      ...(this.#filter === undefined ? {} : { filter: this.#filter }),
    });
    const excluded = excludedId === null ? null : await vectorPrefix(this.#manifest.incarnation, excludedId);
    const best = new Map<string, VectorizeMatch>();
    for (const match of matches) {
      const { prefix } = parseVectorId(match.id);
      if (prefix !== excluded && match.score >= min_score && !best.has(prefix)) best.set(prefix, match);
    }
    const wanted = [...best.values()].slice(offset, offset + top_k);
    const names = wanted.map(({ id }) => id);
    const stored = await readVectors(this.#store, names);
    return wanted.flatMap(({ id, score }) => {
      const found = stored.get(id);
      // Deleted between the two calls.
      return found === undefined ? [] : [hitOf(found, score)];
    });
  }
}

function checkRequest({ mode, consistency, diversity, offset, top_k }: SearchRequest): void {
  if (mode === "hybrid" || mode === "keyword") throw unsupported("mode", '"vector"', `"${mode}"`);
  if (consistency === "strong") throw unsupported("consistency", '"eventual"', '"strong"');
  if (diversity > 0) throw unsupported("diversity", "0", `${diversity}`);
  if (offset + top_k > maxMatches) {
    throw unsupported("offset", `at most ${maxMatches} with top_k`, `${offset + top_k}`);
  }
}

async function readVectors(
  store: VectorStore,
  ids: readonly string[],
): Promise<Map<string, VectorizeVector>> {
  const vectors = new Map<string, VectorizeVector>();
  for (let start = 0; start < ids.length; start += maxVectorsPerRead) {
    for (const vector of await store.getByIds(ids.slice(start, start + maxVectorsPerRead))) {
      vectors.set(vector.id, vector);
    }
  }
  return vectors;
}

function hitOf({ id: name, metadata, values }: VectorizeVector, score: number): Found {
  const { id, from, to } = metadata as unknown as EntryMetadata;
  const { entry } = parseVectorId(name);
  return {
    segment,
    ordinal: 0,
    ...{ id, entry, entryOfDocument: entry, from, to, score },
    parts: {
      ...{ cosine: score, bm25: null, normalizedCosine: null, normalizedBm25: null },
      ...{ cosineRank: null, bm25Rank: null, terms: [] },
    },
    vector: Float32Array.from(values),
  };
}

function unsupported(param: string, expected: string, got: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected ${param} to be ${expected} for a collection whose backend is Vectorize, got ${got}.`,
    { param },
  );
}
