/** CollectionClient: the documents of one collection, and what can be found among them. */
import type { CollectionAnswer } from "../../shared/api/collections/collection-answer.ts";
import type {
  DocumentAnswer,
  DocumentList,
  DocumentsDeleted,
  WriteAnswer,
  WriteItem,
} from "../../shared/api/collections/document-answer.ts";
import type {
  SearchAnswer,
  SearchAnswers,
  SearchResult,
} from "../../shared/api/collections/search-answer.ts";
import { maxDocumentsPerRequest } from "../../shared/limits.ts";
import type { FilterExpression } from "../../shared/search/filter-expression.ts";
import { asOfCaller, shiftIndex } from "./caller-index.ts";
import { type DocumentBatch, documentBatches, type NewDocument } from "./document-batches.ts";
import { expectField, expectList, expectObject } from "./expect-answer.ts";
import type { CallOptions, HttpTransport } from "./http-transport.ts";
import { pages, readPage } from "./pages.ts";
import { pathSegment } from "./path-segment.ts";
import { printSearch, printSearches, type SearchedBy, type SearchOptions } from "./search-options.ts";

/** What became of documents. */
export interface Written
  extends Pick<WriteAnswer, "created" | "updated" | "unchanged" | "failed" | "sequence"> {
  /** One per document, in their order. Those with the status `error` were not written. */
  readonly items: readonly WriteItem[];
}

/**
 * One collection of a worker; `NearvecClient.collection` makes it.
 *
 * @example
 * ```ts
 * const notes = client.collection("notes");
 * await notes.upsert([{ id: "1", text: "a horse in the rain", metadata: { year: 2024 } }]);
 * const { results } = await notes.search("wet horses", { filter: { year: { $gte: 2020 } } });
 * ```
 */
export class CollectionClient {
  readonly name: string;
  readonly #transport: HttpTransport;
  readonly #path: string;

  constructor(transport: HttpTransport, name: string) {
    this.name = name;
    this.#transport = transport;
    this.#path = `/v1/collections/${pathSegment(name, "collection")}`;
  }

  /** Its settings and statistics. @throws NearvecError collection_not_found */
  describe(call?: CallOptions): Promise<CollectionAnswer> {
    const read = (answer: unknown) => expectObject<CollectionAnswer>(answer, "collection");
    return this.#transport.send({ method: "GET", path: this.#path, repeatable: true, read }, call);
  }

  /**
   * Writes documents, any number of them, in requests one after the other: of several with one id the last stays.
   * A document that is wrong is reported in `items`, the rest are written. After a failure all can be sent again:
   * what is there already is `unchanged`.
   */
  async upsert(
    documents: Iterable<NewDocument> | AsyncIterable<NewDocument>,
    call: CallOptions = {},
  ): Promise<Written> {
    const items: WriteItem[] = [];
    const total = { created: 0, updated: 0, unchanged: 0, failed: 0, sequence: 0 };
    for await (const batch of documentBatches(documents)) {
      const { data, ...answer } = await this.#write(batch, call);
      for (const item of data) items.push(asOfAll(item, batch.start));
      for (const key of ["created", "updated", "unchanged", "failed"] as const) total[key] += answer[key];
      total.sequence = answer.sequence;
    }
    return { items, ...total };
  }

  async #write({ body, count, start }: DocumentBatch, call: CallOptions): Promise<WriteAnswer> {
    try {
      return await this.#post(
        "documents",
        body,
        (answer: WriteAnswer) => {
          expectList(answer, "data", count);
          return expectObject<WriteAnswer>(answer, "list");
        },
        call,
      );
    } catch (error) {
      throw asOfCaller(error, "documents", start);
    }
  }

  /** @throws NearvecError document_not_found */
  get(
    id: string,
    { vector = false, ...call }: CallOptions & { readonly vector?: boolean } = {},
  ): Promise<DocumentAnswer> {
    const path = `${this.#documentPath(id)}${vector ? "?include=vector" : ""}`;
    return this.#transport.send(
      { method: "GET", path, repeatable: true, read: (answer) => readDocument(answer, id) },
      call,
    );
  }

  /** All documents, in the order of their ids, a page at a time: also what another collection's `upsert` takes. */
  async *list({
    prefix = "",
    ...call
  }: CallOptions & { readonly prefix?: string } = {}): AsyncGenerator<DocumentAnswer> {
    yield* pages(async (cursor) => {
      const query = new URLSearchParams({ prefix, ...(cursor === null ? {} : { cursor }) });
      const path = `${this.#path}/documents?${query}`;
      const read = (answer: unknown) => readPage<DocumentList>(answer);
      return this.#transport.send({ method: "GET", path, repeatable: true, read }, call);
    });
  }

  /** All documents as `upsert` takes them. */
  async *export(options: CallOptions & { readonly prefix?: string } = {}): AsyncGenerator<NewDocument> {
    for await (const { id, text, metadata } of this.list(options)) yield { id, text, metadata };
  }

  /** Merges into the metadata of a document; null takes a field away (RFC 7396). @throws NearvecError document_not_found */
  patch(
    id: string,
    metadata: Readonly<Record<string, unknown>>,
    call?: CallOptions,
  ): Promise<DocumentAnswer> {
    const body = JSON.stringify({ metadata });
    const path = this.#documentPath(id);
    const read = (answer: unknown) => readDocument(answer, id);
    return this.#transport.send({ method: "PATCH", path, body, repeatable: true, read }, call);
  }

  /** @returns how many were there; fewer than that if a request was answered only on a second try */
  async delete(ids: string | readonly string[], call?: CallOptions): Promise<number> {
    const all = typeof ids === "string" ? [ids] : ids;
    let deleted = 0;
    for (let start = 0; start < all.length; start += maxDocumentsPerRequest) {
      const some = all.slice(start, start + maxDocumentsPerRequest);
      deleted += await this.#remove({ ids: some }, true, call);
    }
    return deleted;
  }

  /** Deletes what a filter finds. Not tried again once it may have arrived: by then there may be other documents. */
  deleteMatching(filter: FilterExpression, call?: CallOptions): Promise<number> {
    return this.#remove({ filter }, false, call);
  }

  /** Deletes all documents; the collection stays. */
  deleteAll(call?: CallOptions): Promise<number> {
    return this.#remove({ all: true }, false, call);
  }

  /** @param by A text, a vector, or a document to find others like. */
  search(
    by: string | SearchedBy,
    { signal, headers, ...options }: SearchOptions & CallOptions = {},
  ): Promise<SearchAnswer> {
    const read = (answer: SearchAnswer) => {
      readResults(expectList(answer, "results"));
      return answer;
    };
    return this.#post("search", printSearch(by, options), read, { signal, headers });
  }

  /** Several searches in one request, with the same options. */
  searchMany(
    queries: readonly (string | SearchedBy)[],
    { signal, headers, ...options }: SearchOptions & CallOptions = {},
  ): Promise<SearchAnswers> {
    const read = (answer: SearchAnswers) => {
      for (const { results } of expectList(answer, "answers", queries.length)) readResults(results);
      return answer;
    };
    return this.#post("search", printSearches(queries, options), read, { signal, headers });
  }

  #documentPath(id: string): string {
    return `${this.#path}/documents/${pathSegment(id, "id")}`;
  }

  #remove(body: object, repeatable: boolean, call: CallOptions | undefined): Promise<number> {
    const read = (answer: DocumentsDeleted) => expectField(answer, "deleted", Number.isInteger);
    return this.#post("documents/delete", JSON.stringify(body), read, call, repeatable);
  }

  #post<Answer, Result>(
    route: string,
    body: string,
    read: (answer: Answer) => Result,
    call: CallOptions | undefined,
    repeatable = true,
  ): Promise<Result> {
    const path = `${this.#path}/${route}`;
    return this.#transport.send(
      { method: "POST", path, body, repeatable, read: (answer) => read(answer as Answer) },
      call,
    );
  }
}

function readDocument(answer: unknown, id: string): DocumentAnswer {
  const document = expectObject<DocumentAnswer>(answer, "document");
  expectField(document, "id", (value) => value === id);
  return document;
}

function readResults(results: readonly SearchResult[]): void {
  for (const result of results) {
    expectField(result, "id", (id) => typeof id === "string");
    expectField(result, "score", Number.isFinite);
  }
}

/** An item's error names its index in the request: here it is that of all documents. */
function asOfAll(item: WriteItem, start: number): WriteItem {
  if (item.error === undefined) return item;
  const { message, param, code } = item.error;
  const shift = (text: string) => shiftIndex(text, "documents", start);
  return { ...item, error: { code, message: shift(message), param: param === null ? null : shift(param) } };
}
