/** Talks to an app about collections, and publishes when a test says so. */
import { createApp } from "../../worker/app.ts";
import {
  type CollectionServices,
  createCollectionServices,
} from "../../worker/collections/collection-services.ts";
import { collectionWriter } from "../../worker/collections/writer-client.ts";
import type { App } from "../../worker/environment.ts";
import { ModelRegistry } from "../../worker/model-registry.ts";
import { type AskOptions, ask, bindings, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

/** An answer with its JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like.
  readonly body: any;
}

/** An isolate's app with what it keeps, which believes no manifest for longer than a request. */
export class Client {
  readonly services: CollectionServices;
  readonly app: App;
  /** Milliseconds by which its clock is ahead. */
  aheadBy = 0;
  readonly #options: AskOptions;

  constructor(options: AskOptions & { readonly budgetBytes?: number } = {}) {
    const { budgetBytes, ...rest } = options;
    const registry = new ModelRegistry(budgetBytes === undefined ? {} : { budgetBytes });
    this.services = createCollectionServices(registry, {
      ttlSeconds: 0,
      now: () => Date.now() + this.aheadBy,
    });
    this.app = createApp({ collections: this.services });
    this.#options = rest;
  }

  raw(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    return ask(this.app, `/v1/collections${path}`, { method, ...init }, this.#options);
  }

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await this.raw(method, path, body === undefined ? {} : json);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? null : JSON.parse(text),
    };
  }

  get = (path: string) => this.ask("GET", path);
  post = (path: string, body: unknown) => this.ask("POST", path, body);
  delete = (path: string) => this.ask("DELETE", path);

  /** Makes a collection of the tiny model, which has 8 dimensions. */
  async create(name: string, options: Record<string, unknown> = {}): Promise<void> {
    await putModel("tiny", tinyModel());
    const { status, body } = await this.post("", { name, ...options });
    if (status !== 201) throw new Error(`Expected 201, got ${status} ${JSON.stringify(body)}`);
  }

  /** Writes documents all of which must get in. */
  async write(collection: string, documents: readonly unknown[]): Promise<Answer["body"]> {
    const { status, body } = await this.post(`/${collection}/documents`, { documents });
    if (status !== 200 || body.failed > 0) throw new Error(`Got ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Searches, and expects an answer. */
  async search(collection: string, request: Record<string, unknown>): Promise<Answer["body"]> {
    const { status, body } = await this.post(`/${collection}/search`, request);
    if (status !== 200) throw new Error(`Got ${status} ${JSON.stringify(body)}`);
    return body;
  }
}

/** Waits until what has been written is published. */
export async function published(collection: string): Promise<void> {
  const writer = collectionWriter(bindings, collection);
  for (;;) {
    const description = await writer.describe();
    if (description === null || description.publishedSequence === description.sequence) return;
    await scheduler.wait(50);
  }
}

/** Ids of results, best first. */
export function idsOf(answer: { readonly results: readonly { readonly id: string }[] }): string[] {
  return answer.results.map(({ id }) => id);
}
