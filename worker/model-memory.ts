/**
 * The models that an isolate holds, under a budget of bytes.
 *
 * An isolate that outgrows 128 MB is killed with every request in it, so room is made before a model is loaded:
 * the least recently used go first, and the old version of the same model goes last. Each model has a
 * WebAssembly memory of its own, which is freed when nothing refers to the model any more.
 */
import { NearvecError } from "../shared/errors.ts";
import type { StaticModel } from "../shared/static-model.ts";

/** A loaded model, and which file it was loaded from. */
export interface ResidentModel {
  readonly name: string;
  /** Null for the bundled model: computing it takes as long as loading the model, and few ask for it. */
  readonly sha256: string | null;
  /** Whether it came out of the worker's own bundle. */
  readonly bundled: boolean;
  readonly model: StaticModel;
}

/** Room that is kept for a load under way. */
export interface Reservation {
  readonly name: string;
  readonly bytes: number;
}

export class ModelMemory {
  readonly budgetBytes: number;
  /** In order of use, the least recently used first. */
  readonly #residents = new Map<string, ResidentModel>();
  /** By model name: a load that is started anew takes over the room of the one that was lost. */
  readonly #reservations = new Map<string, Reservation>();

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
  }

  /** Bytes of all resident models. */
  get usedBytes(): number {
    let bytes = 0;
    for (const { model } of this.#residents.values()) bytes += model.byteLength;
    return bytes;
  }

  /** The resident models, the least recently used first. */
  list(): ResidentModel[] {
    return [...this.#residents.values()];
  }

  /** Finds a resident model and marks it as just used. */
  use(name: string): ResidentModel | undefined {
    const resident = this.#residents.get(name);
    if (resident !== undefined) {
      this.#residents.delete(name);
      this.#residents.set(name, resident);
    }
    return resident;
  }

  /**
   * Makes room for a model that is about to be loaded, evicting others as need be.
   *
   * @throws NearvecError `model_too_large` if it can never fit, `model_memory_busy` if other loads hold the room.
   */
  reserve(name: string, bytes: number): Reservation {
    if (bytes > this.budgetBytes) {
      throw new NearvecError(
        "model_too_large",
        `Expected model ${name} to need at most ${this.budgetBytes} bytes of memory, it needs ${bytes}. ` +
          "Distill it with fewer dimensions or a smaller vocabulary.",
      );
    }
    const reservation: Reservation = { name, bytes };
    this.#reservations.set(name, reservation);
    while (this.usedBytes + this.#reservedBytes() > this.budgetBytes) {
      const victim = this.#leastRecentlyUsedExcept(name) ?? (this.#residents.has(name) ? name : undefined);
      if (victim === undefined) {
        this.release(reservation);
        throw new NearvecError(
          "model_memory_busy",
          `Expected room for model ${name}, but models that are loading at this moment take it up. Try again in a moment.`,
        );
      }
      this.#residents.delete(victim);
    }
    return reservation;
  }

  /** Takes in a model that `reserve` made room for, in place of its old version. */
  admit(resident: ResidentModel, reservation: Reservation): void {
    this.release(reservation);
    this.#residents.delete(resident.name);
    this.#residents.set(resident.name, resident);
  }

  /** Gives back the room of a load that failed. */
  release(reservation: Reservation): void {
    const { name } = reservation;
    if (this.#reservations.get(name) === reservation) this.#reservations.delete(name);
  }

  /** Lets go of a model that is no longer to be served. */
  evict(name: string): void {
    this.#residents.delete(name);
  }

  #reservedBytes(): number {
    let bytes = 0;
    for (const reservation of this.#reservations.values()) bytes += reservation.bytes;
    return bytes;
  }

  #leastRecentlyUsedExcept(name: string): string | undefined {
    for (const candidate of this.#residents.keys()) if (candidate !== name) return candidate;
    return undefined;
  }
}
