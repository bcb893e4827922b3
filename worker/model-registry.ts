/**
 * Name to loaded model: streamed out of R2 once per isolate, kept under a budget, replaced when its pointer moves.
 * The bundled model is kept under the same budget, and needs no R2.
 *
 * The pointer of a resident model is read again after `pointerTtlSeconds`, behind the back of the request that
 * notices. Until the new file has loaded, and if it cannot be loaded, the old model keeps answering.
 */
import { NearvecError } from "../shared/errors.ts";
import {
  brokenModelSeconds,
  loadStallSeconds,
  modelMemoryBudgetBytes,
  modelOverheadBytes,
  pointerTtlSeconds,
} from "../shared/limits.ts";
import { defaultModelName } from "../shared/model-store/default-model.ts";
import { artifactKey, isModelName } from "../shared/model-store/model-location.ts";
import type { ModelPointer } from "../shared/model-store/model-pointer.ts";
import { StaticModel } from "../shared/static-model.ts";
import { type BundledModel, bundledModel, sha256OfBundled } from "./bundled-model.ts";
import { IsolateMemory } from "./isolate-memory.ts";
import { type ModelHost, openArtifact, openPinned, readPointer } from "./model-bucket.ts";
import { ModelMemory, type ResidentModel } from "./model-memory.ts";
import { readObject } from "./r2-byte-source.ts";
import { SingleFlight } from "./single-flight.ts";

export interface ModelRegistryOptions {
  /** The model that comes with the code; the one in models/ if not given. */
  readonly bundled?: BundledModel;
  readonly budgetBytes?: number;
  /** What it shares the budget with; nothing if not given. */
  readonly isolateMemory?: IsolateMemory;
  readonly pointerTtlSeconds?: number;
  readonly stallSeconds?: number;
  /** Milliseconds since 1970; tests pass a clock of their own. */
  readonly now?: () => number;
}

/** One file of a model. */
export interface PinnedFile {
  readonly name: string;
  readonly sha256: string;
}

/** Broken files remembered at most; one would do, more keep several broken models from taking turns. */
const maxBrokenFiles = 64;

export class ModelRegistry {
  readonly memory: ModelMemory;
  /** What the models share with collections. */
  readonly isolateMemory: IsolateMemory;
  readonly bundled: BundledModel;
  readonly #flights: SingleFlight<ResidentModel>;
  readonly #pointerTtlMilliseconds: number;
  readonly #now: () => number;
  /** When each resident model's pointer was last read, by name. */
  readonly #pointerReadAt = new Map<string, number>();
  /** Why a file could not be loaded, by key: a broken file is not streamed again for every request. */
  readonly #broken = new Map<string, { readonly error: NearvecError; readonly until: number }>();
  #bundledSha256: Promise<string> | undefined;

  constructor(options: ModelRegistryOptions = {}) {
    this.isolateMemory =
      options.isolateMemory ?? new IsolateMemory(options.budgetBytes ?? modelMemoryBudgetBytes);
    this.memory = new ModelMemory(this.isolateMemory);
    this.bundled = options.bundled ?? bundledModel;
    this.#flights = new SingleFlight(options.stallSeconds ?? loadStallSeconds);
    this.#pointerTtlMilliseconds = (options.pointerTtlSeconds ?? pointerTtlSeconds) * 1000;
    this.#now = options.now ?? Date.now;
  }

  /**
   * The model with this name, loaded if need be. Use it before the next `await`: later it may have been evicted.
   *
   * @param name null if the request names none.
   * @throws NearvecError `model_not_found`, `storage_unavailable`, `model_memory_busy`, or what is wrong with its file.
   */
  async get(name: string | null, host: ModelHost): Promise<ResidentModel> {
    if (name !== null) return this.#get(name, host);
    const chosen = this.#defaultName(host);
    return this.#get(chosen, host).catch((error: unknown) => {
      throw isModelNotFound(error) ? this.#defaultNotFound(chosen, error) : error;
    });
  }

  /**
   * The model with this name, if it is loaded and nothing is to be read; undefined if `get` has to be asked.
   *
   * Nothing is awaited: this is what nearly every request takes.
   *
   * @param name null if the request names none.
   */
  recall(name: string | null, host: Omit<ModelHost, "waitUntil">): ResidentModel | undefined {
    const chosen = name ?? this.#defaultName(host);
    const resident = this.memory.use(chosen);
    return resident === undefined || this.#isFresh(chosen, resident) ? resident : undefined;
  }

  /**
   * The model with this name and file, whichever file is in force by now: what a collection was made with.
   *
   * @throws NearvecError `model_not_found` if the file is gone, and what `get` throws.
   */
  async getPinned({ name, sha256 }: PinnedFile, host: ModelHost): Promise<ResidentModel> {
    if (name === this.bundled.name && sha256 === (await this.sha256Of(null))) return this.#get(name, host);
    const resident = this.memory.use(name);
    if (resident?.sha256 === sha256) return resident;
    const slot = `${name}@${sha256}`;
    return (
      this.memory.use(slot) ??
      this.#flights.run(
        slot,
        (progress) => this.#readPinned({ name, sha256 }, host, progress),
        (promise) => host.waitUntil(promise),
      )
    );
  }

  /** The digest of a resident model's file; null stands for the bundled one. */
  async sha256Of(resident: ResidentModel | null): Promise<string> {
    if (resident !== null && resident.sha256 !== null) return resident.sha256;
    this.#bundledSha256 ??= sha256OfBundled(this.bundled);
    return this.#bundledSha256;
  }

  async #get(name: string, host: ModelHost): Promise<ResidentModel> {
    const resident = this.memory.use(name);
    if (resident === undefined) return this.#load(name, host);
    if (!this.#isFresh(name, resident)) {
      // Noted before the read, so that the requests that come meanwhile do not all start one.
      this.#pointerReadAt.set(name, this.#now());
      host.waitUntil(this.#load(name, host).catch((error: unknown) => reportFailedRefresh(resident, error)));
    }
    return resident;
  }

  #defaultName({ defaultModel, bucket }: Omit<ModelHost, "waitUntil">): string {
    return defaultModelName(defaultModel, bucket !== undefined, this.bundled.name);
  }

  /** Whether its pointer was read not long ago. The bundled model has none. */
  #isFresh(name: string, { bundled }: ResidentModel): boolean {
    const readAt = this.#pointerReadAt.get(name) ?? 0;
    return bundled || this.#now() - readAt < this.#pointerTtlMilliseconds;
  }

  #load(name: string, host: ModelHost): Promise<ResidentModel> {
    return this.#flights.run(
      name,
      (progress) =>
        name === this.bundled.name ? this.#loadBundled() : this.#readInForce(name, host, progress),
      (promise) => host.waitUntil(promise),
    );
  }

  async #readInForce(name: string, host: ModelHost, progress: () => void): Promise<ResidentModel> {
    const { bucket } = host;
    if (bucket === undefined || !isModelName(name)) throw modelNotFound(name);
    const pointer = await readPointer(bucket, name);
    progress();
    this.#pointerReadAt.set(name, this.#now());
    if (pointer === null) {
      this.memory.evict(name);
      this.#pointerReadAt.delete(name);
      throw modelNotFound(name);
    }
    const resident = this.memory.use(name);
    if (resident?.sha256 === pointer.sha256) return resident;
    return this.#loadFile(name, pointer, name, progress, () => openArtifact(bucket, name, pointer));
  }

  async #readPinned(
    { name, sha256 }: PinnedFile,
    host: ModelHost,
    progress: () => void,
  ): Promise<ResidentModel> {
    const { bucket } = host;
    if (bucket === undefined || !isModelName(name)) throw pinnedNotFound(name, sha256);
    const pointer = name === this.bundled.name ? null : await readPointer(bucket, name);
    progress();
    // Loaded under its name it serves embeddings, too, and is not held twice.
    if (pointer?.sha256 === sha256) return this.#load(name, host);
    const object = await openPinned(bucket, name, sha256);
    if (object === null) throw pinnedNotFound(name, sha256);
    const file = { sha256, bytes: object.size };
    try {
      return await this.#loadFile(name, file, `${name}@${sha256}`, progress, async () => object);
    } catch (error) {
      // Where it was not even begun; what has been read is closed, and says so.
      await object.body.cancel().catch(() => {});
      throw error;
    }
  }

  async #loadFile(
    name: string,
    { sha256, bytes }: Pick<ModelPointer, "sha256" | "bytes">,
    slot: string,
    progress: () => void,
    open: () => Promise<R2ObjectBody>,
  ): Promise<ResidentModel> {
    const key = artifactKey(name, sha256);
    const broken = this.#broken.get(key);
    if (broken !== undefined && this.#now() < broken.until) throw broken.error;
    const reservation = this.memory.reserve(slot, bytes + modelOverheadBytes);
    try {
      const object = await open();
      const model = await StaticModel.load(readObject(object, progress), { size: object.size });
      const resident: ResidentModel = { name, sha256, bundled: false, model };
      this.memory.admit(slot, resident, reservation);
      return resident;
    } catch (error) {
      this.memory.release(reservation);
      if (NearvecError.isInstance(error) && error.code !== "storage_unavailable") {
        if (this.#broken.size >= maxBrokenFiles) this.#broken.clear();
        this.#broken.set(key, { error, until: this.#now() + brokenModelSeconds * 1000 });
      }
      throw error;
    }
  }

  async #loadBundled(): Promise<ResidentModel> {
    const { name, bytes } = this.bundled;
    const reservation = this.memory.reserve(name, bytes.byteLength + modelOverheadBytes);
    try {
      const resident = { name, sha256: null, bundled: true, model: await StaticModel.load(bytes) };
      this.memory.admit(name, resident, reservation);
      return resident;
    } catch (error) {
      this.memory.release(reservation);
      throw error;
    }
  }

  #defaultNotFound(name: string, cause: unknown): NearvecError {
    return new NearvecError(
      "model_not_found",
      `Expected the default model ${JSON.stringify(name)} in the bucket, got none. Upload it with \`nearvec upload\`, ` +
        `or set DEFAULT_MODEL to "${this.bundled.name}", which the worker carries with it.`,
      { param: "model", cause },
    );
  }
}

function pinnedNotFound(name: string, sha256: string): NearvecError {
  return new NearvecError(
    "model_not_found",
    `Expected the file ${sha256} of model ${name}, which the collection was made with, but it is gone. ` +
      "Upload that file again, or make a collection with the model there is.",
    { param: "model" },
  );
}

/** The error for a name that no model has. */
export function modelNotFound(name: string): NearvecError {
  return new NearvecError(
    "model_not_found",
    `Expected the name of a model that is there, got ${JSON.stringify(name.slice(0, 128))}. ` +
      "GET /v1/models lists them; leave the model out for the default one.",
    { param: "model" },
  );
}

function isModelNotFound(error: unknown): boolean {
  return NearvecError.isInstance(error) && error.code === "model_not_found";
}

function reportFailedRefresh(resident: ResidentModel, error: unknown): void {
  // A model that was taken away is no failure.
  if (isModelNotFound(error)) return;
  console.warn({
    event: "model_refresh_failed",
    model: resident.name,
    still_serving: resident.sha256,
    error: error instanceof Error ? error.message : String(error),
  });
}
