/** The models that can be chosen, and what is known of each: asked once, added to by every answer. */
import type { Health } from "../../../../shared/api/health.ts";
import type { ModelList } from "../../../../shared/api/model-list.ts";
import type { WorkerApi } from "./worker-api.ts";

export class Models {
  readonly #api: WorkerApi;
  readonly #dimensions = new Map<string, number>();
  readonly #changed: (() => void)[] = [];
  /** Names, as `GET /v1/models` lists them. */
  names: readonly string[] = [];
  /** Empty until the worker has said it. */
  defaultName = "";

  constructor(api: WorkerApi) {
    this.#api = api;
  }

  /** @throws ApiFailure */
  async load(): Promise<void> {
    const [list, health] = await Promise.all([
      this.#api.json<ModelList>({ path: "/v1/models" }),
      this.#api.json<Health>({ path: "/health" }),
    ]);
    this.names = list.body.data.map(({ id }) => id);
    this.defaultName = health.body.default_model;
    for (const { id, dimensions } of health.body.models) this.#dimensions.set(id, dimensions);
    this.#tell();
  }

  /** Of all its dimensions; undefined until a request has used it. @param name Empty for the default model. */
  dimensionsOf(name: string): number | undefined {
    return this.#dimensions.get(name === "" ? this.defaultName : name);
  }

  learn(name: string, dimensions: number): void {
    if (this.#dimensions.get(name) === dimensions) return;
    this.#dimensions.set(name, dimensions);
    this.#tell();
  }

  onChange(changed: () => void): void {
    this.#changed.push(changed);
  }

  #tell(): void {
    for (const changed of this.#changed) changed();
  }
}
