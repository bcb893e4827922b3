/**
 * One piece of work for however many requests wait for it, in an isolate whose requests come and go.
 *
 * A Workers request owns its I/O: when it ends, a read that it began stops without a result or an error, and
 * whoever awaits it would wait for ever. Two things guard against that. The work is handed to the starting
 * request's `waitUntil`, so that it survives a client that hangs up. And every waiter watches, with a timer of
 * its own request, whether the work still moves; the first to find it stalled starts it anew.
 */
import { NearvecError } from "../shared/errors.ts";

interface Flight<T> {
  readonly promise: Promise<T>;
  /** Milliseconds since 1970. */
  lastProgress: number;
  /** The work started anew, once this flight has been found stalled. */
  successor?: Flight<T>;
}

const stalled = Symbol("stalled");

export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #stallMilliseconds: number;

  constructor(stallSeconds: number) {
    this.#stallMilliseconds = stallSeconds * 1000;
  }

  /**
   * Joins the work under way for the key, or starts it.
   *
   * @param work Calls `progress` whenever it has got further.
   * @param waitUntil Of the calling request.
   * @throws What the work throws, or NearvecError `storage_unavailable` if it stalls twice.
   */
  async run(
    key: string,
    work: (progress: () => void) => Promise<T>,
    waitUntil: (promise: Promise<unknown>) => void,
  ): Promise<T> {
    const flight = this.#flights.get(key) ?? this.#start(key, work, waitUntil);
    const outcome = await this.#watch(flight);
    if (outcome !== stalled) return outcome;
    // Whoever notices first starts the successor; everyone who waited for the lost flight follows it.
    flight.successor ??= this.#start(key, work, waitUntil);
    const secondOutcome = await this.#watch(flight.successor);
    if (secondOutcome !== stalled) return secondOutcome;
    throw new NearvecError(
      "storage_unavailable",
      `Expected ${key} to load, but no byte has come for ${this.#stallMilliseconds / 1000} s, twice. Try again in a moment.`,
    );
  }

  #start(
    key: string,
    work: (progress: () => void) => Promise<T>,
    waitUntil: (promise: Promise<unknown>) => void,
  ): Flight<T> {
    const progress = () => {
      flight.lastProgress = Date.now();
    };
    // Deferred by one turn, so that `flight` is in the map before the work can look for it.
    const promise = Promise.resolve().then(() => work(progress));
    const flight: Flight<T> = { promise, lastProgress: Date.now() };
    this.#flights.set(key, flight);
    const settled = promise.then(
      () => this.#forget(key, flight),
      // Not swallowed: every waiter gets the same rejection from `promise`.
      () => this.#forget(key, flight),
    );
    waitUntil(settled);
    return flight;
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  /** Waits for the work's outcome, or for it not to have moved for too long. */
  async #watch(flight: Flight<T>): Promise<T | typeof stalled> {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stall = new Promise<typeof stalled>((resolve) => {
      const check = () => {
        const left = flight.lastProgress + this.#stallMilliseconds - Date.now();
        if (left <= 0) resolve(stalled);
        else timer = setTimeout(check, left);
      };
      check();
    });
    try {
      return await Promise.race([flight.promise, stall]);
    } finally {
      if (timer !== null) clearTimeout(timer);
    }
  }
}
