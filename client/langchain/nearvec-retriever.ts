/** LangChain.js retriever, with all that a search of ours can be asked. */
import type { Document } from "@langchain/core/documents";
import { BaseRetriever, type BaseRetrieverInput } from "@langchain/core/retrievers";
import type { CollectionClient, SearchOptions } from "../http/index.ts";
import { type FoundContent, foundDocument } from "./found-document.ts";

export interface NearvecRetrieverFields extends BaseRetrieverInput {
  readonly collection: CollectionClient;
  /** Mode, fusion, filter, least score, diversity and so on; four results if `top_k` is not given. */
  readonly search?: Omit<SearchOptions, "include" | "snippet">;
  /** Whether what is found is whole documents, as they are if not given, or the chunks in them. */
  readonly content?: FoundContent;
}

/**
 * Finds documents of a collection for a chain.
 *
 * @example
 * ```ts
 * const retriever = new NearvecRetriever({ collection, content: "passage", search: { top_k: 8 } });
 * const documents = await retriever.invoke("what do horses do in the rain?");
 * ```
 */
export class NearvecRetriever extends BaseRetriever {
  override lc_namespace = ["nearvec", "retrievers"];
  readonly #fields: NearvecRetrieverFields;

  static override lc_name(): string {
    return "NearvecRetriever";
  }

  constructor({ collection, search, content, ...fields }: NearvecRetrieverFields) {
    super(fields);
    this.#fields = {
      collection,
      ...(search === undefined ? {} : { search }),
      ...(content === undefined ? {} : { content }),
    };
  }

  override async _getRelevantDocuments(query: string): Promise<Document[]> {
    const { collection, search, content = "document" } = this.#fields;
    const { results } = await collection.search(query, {
      top_k: 4,
      ...search,
      include: ["text", "metadata"],
      snippet: false,
    });
    return results.map((result) => foundDocument(result, content));
  }
}
