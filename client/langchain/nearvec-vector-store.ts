/** LangChain.js `VectorStore`, on a collection. */
import type { DocumentInterface } from "@langchain/core/documents";
import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { maximalMarginalRelevance } from "@langchain/core/utils/math";
import { type MaxMarginalRelevanceSearchOptions, VectorStore } from "@langchain/core/vectorstores";
import { NearvecError } from "../../shared/errors.ts";
import { maxResults } from "../../shared/limits.ts";
import type {
  CollectionClient,
  FilterExpression,
  NewDocument,
  SearchedBy,
  SearchOptions,
  SearchResult,
} from "../http/index.ts";
import { type FoundContent, foundDocument } from "./found-document.ts";
import { NearvecEmbeddings } from "./nearvec-embeddings.ts";

export interface NearvecVectorStoreConfig {
  /** `client.collection("notes")`. It must be there. */
  readonly collection: CollectionClient;
  /** What a query's text is searched for by; hybrid, of vectors and words, if not given. */
  readonly mode?: "hybrid" | "vector" | "keyword";
  /** `eventual` spares a round trip, and may miss the last second's writes; `strong` if not given. */
  readonly consistency?: "eventual" | "strong";
  /** Whether what is found is whole documents, as they are if not given, or the chunks in them. */
  readonly content?: FoundContent;
}

type DocumentLike = Pick<DocumentInterface, "pageContent" | "metadata" | "id">;

/**
 * With `NearvecEmbeddings` texts go to the worker, which makes their vectors itself, with the collection's own
 * model; with any other embeddings vectors are made here and go along: the collection must have their dimensions.
 *
 * @example
 * ```ts
 * const store = new NearvecVectorStore(new NearvecEmbeddings({ source: client }), {
 *   collection: client.collection("notes"),
 * });
 * await store.addDocuments([new Document({ pageContent: "a horse in the rain" })], { ids: ["1"] });
 * const documents = await store.similaritySearch("wet horses", 4, { year: { $gte: 2020 } });
 * ```
 */
export class NearvecVectorStore extends VectorStore {
  declare FilterType: FilterExpression;
  readonly collection: CollectionClient;
  readonly #config: NearvecVectorStoreConfig;

  constructor(embeddings: EmbeddingsInterface, config: NearvecVectorStoreConfig) {
    // No part of the configuration: LangChain would print it where it serializes chains, keys and all.
    super(embeddings, {});
    this.collection = config.collection;
    this.#config = config;
  }

  override _vectorstoreType(): string {
    return "nearvec";
  }

  /**
   * @param options ids: one per document; else a document's own id, else a random one.
   * @returns the ids
   * @throws NearvecError the first document's that could not be written; the others were
   */
  override async addDocuments(
    documents: readonly DocumentLike[],
    options: { readonly ids?: readonly string[] } = {},
  ): Promise<string[]> {
    const vectors = this.#workerEmbeds
      ? undefined
      : await this.embeddings.embedDocuments(documents.map(({ pageContent }) => pageContent));
    return this.#write(documents, vectors, options.ids);
  }

  /** As `addDocuments`, with vectors in place of the worker's. */
  override addVectors(
    vectors: number[][],
    documents: readonly DocumentLike[],
    options: { readonly ids?: readonly string[] } = {},
  ): Promise<string[]> {
    return this.#write(documents, vectors, options.ids);
  }

  async #write(
    documents: readonly DocumentLike[],
    vectors: readonly number[][] | undefined,
    ids: readonly string[] | undefined,
  ): Promise<string[]> {
    for (const [param, list] of Object.entries({ ids, vectors })) {
      if (list === undefined || list.length === documents.length) continue;
      throw new NearvecError(
        "invalid_request",
        `Expected as many ${param} as documents, ${documents.length}, got ${list.length}.`,
        { param },
      );
    }
    const written = documents.map(
      ({ pageContent, metadata, id }, i): NewDocument => ({
        id: ids?.[i] ?? id ?? crypto.randomUUID(),
        text: pageContent,
        metadata,
        ...(vectors === undefined ? {} : { vector: vectors[i]! }),
      }),
    );
    const { items, failed } = await this.collection.upsert(written);
    const error = items.find(({ status }) => status === "error")?.error;
    if (error !== undefined) {
      throw new NearvecError(
        "invalid_request",
        `${failed} of ${written.length} documents were not written. The first: ${error.message}`,
        { param: error.param ?? undefined },
      );
    }
    return written.map(({ id }) => id);
  }

  /** @param params One of ids, a filter, and deleteAll. */
  override async delete(
    params: {
      readonly ids?: readonly string[];
      readonly filter?: FilterExpression;
      readonly deleteAll?: boolean;
    } = {},
  ): Promise<void> {
    if (params.ids !== undefined) await this.collection.delete(params.ids);
    else if (params.filter !== undefined) await this.collection.deleteMatching(params.filter);
    else if (params.deleteAll) await this.collection.deleteAll();
    else throw new NearvecError("invalid_request", "Expected ids, filter or deleteAll, got none of them.");
  }

  override async similaritySearch(
    query: string,
    k = 4,
    filter?: FilterExpression,
  ): Promise<DocumentInterface[]> {
    return (await this.similaritySearchWithScore(query, k, filter)).map(([document]) => document);
  }

  /** Scores are those of the mode: cosines for `vector`, from 0 to 1 for `hybrid`, BM25's for `keyword`. */
  override async similaritySearchWithScore(
    query: string,
    k = 4,
    filter?: FilterExpression,
  ): Promise<[DocumentInterface, number][]> {
    const { mode } = this.#config;
    const by = await this.#searchedBy(query);
    return this.#documents(await this.#search(by, k, { filter, ...(mode === undefined ? {} : { mode }) }));
  }

  /** Scores are cosines. */
  override async similaritySearchVectorWithScore(
    vector: number[],
    k: number,
    filter?: FilterExpression,
  ): Promise<[DocumentInterface, number][]> {
    return this.#documents(await this.#search({ vector }, k, { filter, mode: "vector" }));
  }

  override async maxMarginalRelevanceSearch(
    query: string,
    { k, fetchK = 20, lambda, filter }: MaxMarginalRelevanceSearchOptions<FilterExpression>,
  ): Promise<DocumentInterface[]> {
    const vector = await this.embeddings.embedQuery(query);
    const candidates = await this.#search({ vector }, Math.min(Math.max(fetchK, k), maxResults), {
      filter,
      mode: "vector",
      include: ["text", "metadata", "vector"],
    });
    const vectors = candidates.map((candidate) => candidate.vector!);
    const chosen = maximalMarginalRelevance(vector, vectors, lambda, k);
    return this.#documents(chosen.map((i) => candidates[i]!)).map(([document]) => document);
  }

  /** Writes texts to a new store of a collection that is there. */
  static override fromTexts(
    texts: readonly string[],
    metadatas: readonly object[] | object,
    embeddings: EmbeddingsInterface,
    config: NearvecVectorStoreConfig,
  ): Promise<NearvecVectorStore> {
    const metadataOf = (i: number) => (Array.isArray(metadatas) ? metadatas[i] : metadatas);
    const documents = texts.map((pageContent, i) => ({ pageContent, metadata: { ...metadataOf(i) } }));
    return NearvecVectorStore.fromDocuments(documents, embeddings, config);
  }

  /** Writes documents to a new store of a collection that is there. */
  static override async fromDocuments(
    documents: readonly DocumentLike[],
    embeddings: EmbeddingsInterface,
    config: NearvecVectorStoreConfig,
  ): Promise<NearvecVectorStore> {
    const store = new NearvecVectorStore(embeddings, config);
    await store.addDocuments(documents);
    return store;
  }

  get #workerEmbeds(): boolean {
    return this.embeddings instanceof NearvecEmbeddings;
  }

  /** The vector of a query goes along where the worker could not make it. */
  async #searchedBy(query: string): Promise<SearchedBy> {
    if (this.#workerEmbeds || this.#config.mode === "keyword") return { query };
    return { query, vector: await this.embeddings.embedQuery(query) };
  }

  async #search(by: SearchedBy, k: number, options: SearchOptions): Promise<SearchResult[]> {
    const { results } = await this.collection.search(by, {
      top_k: k,
      include: ["text", "metadata"],
      snippet: false,
      consistency: this.#config.consistency ?? "strong",
      ...options,
    });
    return results;
  }

  #documents(results: readonly SearchResult[]): [DocumentInterface, number][] {
    const content = this.#config.content ?? "document";
    return results.map((result) => [foundDocument(result, content), result.score]);
  }
}
