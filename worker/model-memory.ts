/** The models that an isolate holds, in the memory that they share with collections. */
import { NearvecError } from "../shared/errors.ts";
import type { StaticModel } from "../shared/static-model.ts";
import type { IsolateMemory, Occupant, Reservation } from "./isolate-memory.ts";

/** A loaded model, and which file it was loaded from. */
export interface ResidentModel {
  readonly name: string;
  /** Null for the bundled model: computing it takes as long as loading the model, and few ask for it. */
  readonly sha256: string | null;
  /** Whether it came out of the worker's own bundle. */
  readonly bundled: boolean;
  readonly model: StaticModel;
}

class ModelOccupant implements Occupant {
  readonly key: string;
  readonly resident: ResidentModel;

  constructor(key: string, resident: ResidentModel) {
    this.key = key;
    this.resident = resident;
  }

  get byteLength(): number {
    return this.resident.model.byteLength;
  }
}

/** How many there are in this isolate. */
let memories = 0;

export class ModelMemory {
  readonly #memory: IsolateMemory;
  /** Two apps in one isolate may have different models of the same name. */
  readonly #prefix = `models-${++memories}/`;

  constructor(memory: IsolateMemory) {
    this.#memory = memory;
  }

  get budgetBytes(): number {
    return this.#memory.budgetBytes;
  }

  /** Bytes of everything resident, collections too. */
  get usedBytes(): number {
    return this.#memory.usedBytes;
  }

  /** The resident models, the least recently used first. */
  list(): ResidentModel[] {
    return this.#memory
      .list()
      .filter((occupant) => occupant instanceof ModelOccupant)
      .filter(({ key }) => key.startsWith(this.#prefix))
      .map(({ resident }) => resident);
  }

  /**
   * Finds a resident model and marks it as just used.
   *
   * @param slot Its name, or for a file that is no longer in force its name and digest.
   */
  use(slot: string): ResidentModel | undefined {
    const occupant = this.#memory.use(this.#keyOf(slot));
    return occupant instanceof ModelOccupant ? occupant.resident : undefined;
  }

  /**
   * Makes room for a model that is about to be loaded, evicting others as need be.
   *
   * @throws NearvecError `model_too_large` if it can never fit, `model_memory_busy` if other loads hold the room.
   */
  reserve(slot: string, bytes: number): Reservation {
    const reservation = this.#memory.reserve(this.#keyOf(slot), bytes, "replaced");
    if (reservation === "too_large") {
      throw new NearvecError(
        "model_too_large",
        `Expected model ${slot} to need at most ${this.budgetBytes} bytes of memory, it needs ${bytes}. ` +
          "Distill it with fewer dimensions or a smaller vocabulary.",
      );
    }
    if (reservation === "busy") {
      throw new NearvecError(
        "model_memory_busy",
        `Expected room for model ${slot}, but what is loading at this moment takes it up. Try again in a moment.`,
      );
    }
    return reservation;
  }

  /** Takes in a model that `reserve` made room for, in place of its old version. */
  admit(slot: string, resident: ResidentModel, reservation: Reservation): void {
    this.#memory.admit(new ModelOccupant(this.#keyOf(slot), resident), reservation);
  }

  /** Gives back the room of a load that failed. */
  release(reservation: Reservation): void {
    this.#memory.release(reservation);
  }

  /** Lets go of a model that is no longer to be served. */
  evict(slot: string): void {
    this.#memory.evict(this.#keyOf(slot));
  }

  #keyOf(slot: string): string {
    return this.#prefix + slot;
  }
}
