/** Collections: those of a worker, as a whole. */
import type { z } from "zod";
import type {
  CollectionAnswer,
  CollectionList,
  CollectionSummary,
} from "../../shared/api/collections/collection-answer.ts";
import type { collectionRequestSchema } from "../../shared/api/collections/collection-request.ts";
import { CollectionClient } from "./collection-client.ts";
import { expectField, expectObject } from "./expect-answer.ts";
import type { CallOptions, HttpTransport } from "./http-transport.ts";
import { pages, readPage } from "./pages.ts";
import { pathSegment } from "./path-segment.ts";

/** What a collection is told once: its name, and what differs from the defaults. */
export type NewCollection = z.input<typeof collectionRequestSchema>;

export class Collections {
  readonly #transport: HttpTransport;

  constructor(transport: HttpTransport) {
    this.#transport = transport;
  }

  /** @throws NearvecError collection_exists */
  async create(settings: NewCollection, call?: CallOptions): Promise<CollectionClient> {
    const body = JSON.stringify(settings);
    const read = (answer: unknown) => expectObject<CollectionAnswer>(answer, "collection");
    // A second one would be told that the first has made it.
    const request = { method: "POST", path: "/v1/collections", body, repeatable: false, read } as const;
    const { name } = await this.#transport.send(request, call);
    return new CollectionClient(this.#transport, name);
  }

  /** All of them, a page at a time. */
  list(call?: CallOptions): AsyncGenerator<CollectionSummary> {
    return pages((cursor) => {
      const path = `/v1/collections${cursor === null ? "" : `?${new URLSearchParams({ cursor })}`}`;
      return this.#transport.send(
        { method: "GET", path, repeatable: true, read: readPage<CollectionList> },
        call,
      );
    });
  }

  /** Deletes a collection with all its documents. @throws NearvecError collection_not_found */
  async delete(name: string, call?: CallOptions): Promise<void> {
    const path = `/v1/collections/${pathSegment(name, "collection")}`;
    const read = (answer: unknown) =>
      expectField(answer as { deleted: unknown }, "deleted", (value) => value === true);
    await this.#transport.send({ method: "DELETE", path, repeatable: false, read }, call);
  }
}
