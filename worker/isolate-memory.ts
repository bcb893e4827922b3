/**
 * What an isolate holds, under one budget of bytes: models and collections alike.
 *
 * An isolate that outgrows 128 MB is killed with every request in it, so room is made before anything is loaded:
 * the least recently used goes first. Each occupant has a WebAssembly memory of its own, which is freed when
 * nothing refers to it any more; a request that is using one keeps it until it has answered.
 */

import { modelMemoryBudgetBytes } from "../shared/limits.ts";

/** Something that takes up memory for as long as it stays. */
export interface Occupant {
  readonly key: string;
  /** As of now: it may grow. */
  readonly byteLength: number;
}

/** Room that is kept for what is being loaded. */
export interface Reservation {
  readonly key: string;
  readonly bytes: number;
}

/** Why there is no room: there never can be, or others are loading at this moment. */
export type NoRoom = "too_large" | "busy";

/** Who uses what is free, until it is wanted. */
export interface Borrower {
  /** Lets go of what is more than `freeBytes`. */
  giveBack(): void;
}

export class IsolateMemory {
  readonly budgetBytes: number;
  /** In order of use, the least recently used first. */
  readonly #occupants = new Map<string, Occupant>();
  /** The last of them, if it is still one. */
  #newest: Occupant | undefined;
  /** By key: a load that is started anew takes over the room of the one that was lost. */
  readonly #reservations = new Map<string, Reservation>();

  readonly #borrowers = new Set<Borrower>();

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
  }

  /** Bytes of all occupants. */
  get usedBytes(): number {
    let bytes = 0;
    for (const { byteLength } of this.#occupants.values()) bytes += byteLength;
    return bytes;
  }

  /** Bytes that neither an occupant has nor a reservation is for. */
  get freeBytes(): number {
    return Math.max(0, this.budgetBytes - this.usedBytes - this.#reservedBytes());
  }

  /** Whoever borrows is told whenever there may be less. */
  lendTo(borrower: Borrower): void {
    this.#borrowers.add(borrower);
  }

  /** The occupants, the least recently used first. */
  list(): Occupant[] {
    return [...this.#occupants.values()];
  }

  /** Finds an occupant and marks it as just used. */
  use(key: string): Occupant | undefined {
    const occupant = this.#occupants.get(key);
    // Nearly every request uses what the one before it did.
    if (occupant !== undefined && occupant !== this.#newest) this.#putLast(occupant);
    return occupant;
  }

  /**
   * Makes room, evicting others as need be.
   *
   * @param old What becomes of the occupant with this key: it goes last where it is to be replaced, and stays
   *   where the room is for it to grow.
   */
  reserve(key: string, bytes: number, old: "replaced" | "kept"): Reservation | NoRoom {
    const keptBytes = old === "kept" ? (this.#occupants.get(key)?.byteLength ?? 0) : 0;
    if (keptBytes + bytes > this.budgetBytes) return "too_large";
    const reservation: Reservation = { key, bytes };
    this.#reservations.set(key, reservation);
    while (this.usedBytes + this.#reservedBytes() > this.budgetBytes) {
      const victim =
        this.#leastRecentlyUsedExcept(key) ??
        (old === "replaced" && this.#occupants.has(key) ? key : undefined);
      if (victim === undefined) {
        this.release(reservation);
        return "busy";
      }
      this.evict(victim);
    }
    for (const borrower of this.#borrowers) borrower.giveBack();
    return reservation;
  }

  /** Takes in what `reserve` made room for, in place of its old version. */
  admit(occupant: Occupant, reservation: Reservation): void {
    this.release(reservation);
    this.#putLast(occupant);
  }

  /** Gives back the room of a load that has ended. */
  release(reservation: Reservation): void {
    const { key } = reservation;
    if (this.#reservations.get(key) === reservation) this.#reservations.delete(key);
  }

  /** Lets go of what is no longer to be served. */
  evict(key: string): void {
    this.#occupants.delete(key);
    if (this.#newest?.key === key) this.#newest = undefined;
  }

  #putLast(occupant: Occupant): void {
    this.#occupants.delete(occupant.key);
    this.#occupants.set(occupant.key, occupant);
    this.#newest = occupant;
  }

  #reservedBytes(): number {
    let bytes = 0;
    for (const reservation of this.#reservations.values()) bytes += reservation.bytes;
    return bytes;
  }

  #leastRecentlyUsedExcept(key: string): string | undefined {
    for (const candidate of this.#occupants.keys()) if (candidate !== key) return candidate;
    return undefined;
  }
}

/** That of this isolate: a worker and the Durable Objects of its collections may share one. */
export const isolateMemory = new IsolateMemory(modelMemoryBudgetBytes);
