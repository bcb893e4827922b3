/**
 * Processor time of requests to several targets of one process, by very short turns.
 *
 * What else a machine does changes within seconds, and moves a turn of a second by a tenth; targets that take turns of
 * a few hundredths are moved together. autocannon asks for a second at least, so this asks itself, over Node's client:
 * that is slower, but its time is not counted.
 */
import { Agent, request } from "node:http";
import { median } from "../suite.ts";
import type { Target } from "./load.ts";
import { processorSeconds } from "./process-time.ts";

const connections = 16;
/** Asked before each turn, so that the process has come back to this target's code and data. */
const settlingRequests = 32;

/** A target, and what each turn of it took. */
export class TurnTaker {
  readonly #target: Target;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections });
  readonly #microseconds: number[] = [];

  constructor(target: Target) {
    this.#target = target;
  }

  /** @throws Error if an answer was not 200 */
  async turn(requests: number): Promise<void> {
    await this.#ask(settlingRequests);
    const before = processorSeconds(this.#target.pid);
    await this.#ask(requests);
    this.#microseconds.push(((processorSeconds(this.#target.pid) - before) / requests) * 1e6);
  }

  /** Microseconds of a request. */
  median(): number {
    return median(this.#microseconds);
  }

  /** The median of the quotients with another's turns of the same rounds. */
  ratioTo(other: TurnTaker): number {
    return median(this.#microseconds.map((microseconds, i) => microseconds / other.#microseconds[i]!));
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(requests: number): Promise<void> {
    let asked = 0;
    const connection = async () => {
      while (asked < requests) await this.#post(asked++);
    };
    await Promise.all(Array.from({ length: connections }, connection));
  }

  #post(index: number): Promise<void> {
    const { url, bodies = [], headers } = this.#target;
    const body = bodies[index % bodies.length]!;
    const length = Buffer.byteLength(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          ...{ method: "POST", agent: this.#agent },
          headers: { ...headers, "content-type": "application/json", "content-length": length },
        },
        (answer) => {
          if (answer.statusCode !== 200) reject(new Error(`${url}: ${answer.statusCode}`));
          answer.on("end", resolve).on("error", reject).resume();
        },
      );
      sent.on("error", reject).end(body);
    });
  }
}

/** Every target `rounds` times in turn, the order turned round each time: whoever is first finds what the last left behind. */
export async function takeTurns<Name extends string>(
  targets: Readonly<Record<Name, Target>>,
  { rounds, requests }: { readonly rounds: number; readonly requests: number },
): Promise<Record<Name, TurnTaker>> {
  const entries = Object.entries<Target>(targets).map(([name, target]) => [name, new TurnTaker(target)]);
  const takers = Object.fromEntries(entries) as Record<Name, TurnTaker>;
  const order = Object.values<TurnTaker>(takers);
  for (let round = 0; round < rounds; round++) {
    for (const taker of round % 2 === 0 ? order : order.toReversed()) await taker.turn(requests);
  }
  for (const taker of order) taker.close();
  return takers;
}
