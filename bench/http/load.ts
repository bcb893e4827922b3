/** Requests to a server for a while: how many it answered a second, and how much processor time each took it. */
import autocannon from "autocannon";
import { median } from "../suite.ts";
import { processorSeconds } from "./process-time.ts";

/** Connections that ask at the same time, each the next thing when it is answered. */
const connections = 16;

/** One thing to ask, over and over. */
export interface Target {
  readonly url: string;
  /** JSON bodies that are posted in turn; none for a GET. */
  readonly bodies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** The server's process; undefined where there is no telling. */
  readonly pid: number | undefined;
}

/** What one stretch of asking gave. */
interface Stretch {
  readonly perSecond: number;
  /** Of the server's process, in all its threads. */
  readonly processorMicroseconds: number;
  /** Share of the time that the server's process was running: near 1, it was the bottleneck. */
  readonly busy: number;
}

/** The stretches of one target, in the order of the rounds. */
export class Measured {
  readonly #stretches: Stretch[] = [];

  /** @throws Error if an answer was not 200 or none came */
  async add(target: Target, seconds: number): Promise<void> {
    const { url, bodies, headers = {}, pid } = target;
    const before = processorSeconds(pid);
    const result = await autocannon({
      ...{ url, connections, duration: seconds, headers: { ...headers } },
      ...(bodies === undefined ? {} : { requests: bodies.map((body) => post(body, headers)) }),
    });
    const used = processorSeconds(pid) - before;
    const { duration, errors, non2xx } = result;
    const answered = result["2xx"];
    if (errors > 0 || non2xx > 0 || answered === 0) {
      throw new Error(`${url}: ${answered} answers, ${non2xx} refusals, ${errors} errors`);
    }
    this.#stretches.push({
      perSecond: answered / duration,
      processorMicroseconds: (used / answered) * 1e6,
      busy: used / duration,
    });
  }

  median(what: keyof Stretch): number {
    return median(this.#stretches.map((stretch) => stretch[what]));
  }

  /** The median of the quotients with another target's in the same rounds. */
  ratioTo(other: Measured, what: keyof Stretch = "perSecond"): number {
    return median(this.#stretches.map((stretch, i) => stretch[what] / other.#stretches[i]![what]));
  }
}

function post(body: string, headers: Readonly<Record<string, string>>): autocannon.Request {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
}
