/** The worker's collections, shared by the views that choose one. */
import type {
  CollectionAnswer,
  CollectionList,
  CollectionSummary,
} from "../../../../shared/api/collections/collection-answer.ts";
import type { WorkerApi } from "./worker-api.ts";

export class Collections {
  readonly #api: WorkerApi;
  /** Made or deleted in this tab: the list is KV's, which may be a minute late. */
  readonly #made = new Set<string>();
  readonly #deleted = new Set<string>();
  names: readonly string[] = [];

  constructor(api: WorkerApi) {
    this.#api = api;
  }

  /** @throws ApiFailure */
  async load(signal?: AbortSignal): Promise<void> {
    const listed: CollectionSummary[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `?${new URLSearchParams({ cursor })}`;
      const { body } = await this.#api.json<CollectionList>({ path: `/v1/collections${query}` }, signal);
      listed.push(...body.data);
      cursor = body.next_cursor;
    } while (cursor !== null);
    const names = new Set([...listed.map(({ name }) => name), ...this.#made]);
    this.names = [...names].filter((name) => !this.#deleted.has(name)).sort();
  }

  /** @throws ApiFailure */
  async describe(name: string, signal?: AbortSignal): Promise<CollectionAnswer> {
    return (await this.#api.json<CollectionAnswer>({ path: pathOf(name) }, signal)).body;
  }

  /** @throws ApiFailure */
  async make(settings: { readonly name: string }): Promise<void> {
    await this.#api.json({ path: "/v1/collections", body: settings });
    this.#made.add(settings.name);
    this.#deleted.delete(settings.name);
    await this.load();
  }

  /** @throws ApiFailure */
  async delete(name: string): Promise<void> {
    await this.#api.json({ method: "DELETE", path: pathOf(name) });
    this.#deleted.add(name);
    this.#made.delete(name);
    await this.load();
  }
}

/** @param below E.g. `/search`. */
export function pathOf(collection: string, below = ""): string {
  return `/v1/collections/${encodeURIComponent(collection)}${below}`;
}
