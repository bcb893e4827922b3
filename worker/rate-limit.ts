/**
 * Counts the requests of each caller with the platform's rate limiting binding.
 *
 * The binding is asked beside the request, not before it: a request waits for no counter, and one that is refused is
 * refused at once. An isolate asks at most once a second for each caller and reports with it all that came since, so a
 * burst may go past the limit by what arrives in a second; Cloudflare's own counters, one for each of
 * its locations, are no more exact than that.
 */
import { maxCountedCallers, rateLimitSeconds, rateReportMilliseconds } from "../shared/limits.ts";

interface Tally {
  /** Requests not yet reported. */
  pending: number;
  /** Milliseconds since 1970. */
  reportedAt: number;
  refusedUntil: number;
  reporting: boolean;
}

export class RateLimiter {
  readonly #tallies = new Map<string, Tally>();
  readonly #now: () => number;

  /** @param now Milliseconds since 1970, for tests. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Counts a request.
   *
   * @param waitUntil Goes on with the report after the answer.
   * @returns 0 if it may pass, else the seconds after which to try again.
   */
  count(
    caller: string,
    limiter: Pick<RateLimit, "limit">,
    waitUntil: (work: Promise<unknown>) => void,
  ): number {
    const now = this.#now();
    const tally = this.#tallyOf(caller);
    if (tally.refusedUntil > now) return Math.ceil((tally.refusedUntil - now) / 1000);
    tally.pending++;
    if (!tally.reporting && now - tally.reportedAt >= rateReportMilliseconds) {
      tally.reportedAt = now;
      tally.reporting = true;
      waitUntil(this.#report(caller, tally, limiter));
    }
    return 0;
  }

  async #report(caller: string, tally: Tally, limiter: Pick<RateLimit, "limit">): Promise<void> {
    const delta = tally.pending;
    tally.pending = 0;
    try {
      // Older runtimes know no delta; where requests come one by one, they count right all the same.
      const { success } = await limiter.limit({ key: caller, ...(delta === 1 ? {} : { delta }) });
      if (!success) tally.refusedUntil = endOfWindow(this.#now());
    } catch (error) {
      // Better uncounted than refused: the counter is no lock.
      console.error({ event: "rate_limit_failed", cause: String(error) });
    } finally {
      tally.reporting = false;
    }
  }

  #tallyOf(caller: string): Tally {
    const there = this.#tallies.get(caller);
    if (there !== undefined) return there;
    const tally = { pending: 0, reportedAt: 0, refusedUntil: 0, reporting: false };
    this.#tallies.set(caller, tally);
    if (this.#tallies.size > maxCountedCallers) {
      const [oldest] = this.#tallies.keys();
      this.#tallies.delete(oldest!);
    }
    return tally;
  }
}

/**
 * Whom to count a request to that has no key yet: the address that it came from, of IPv6 the network that one customer
 * gets as a whole.
 *
 * @param request Cloudflare sets `cf-connecting-ip` itself, whatever the caller sent.
 */
export function callerAddress(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "unknown";
  return `address/${address.includes(":") ? networkOf(address) : address}`;
}

/** The first 64 bits of an IPv6 address. */
function networkOf(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...new Array<string>(zeros).fill("0"), ...after];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** Windows begin at multiples of their length, as Cloudflare's do. */
function endOfWindow(now: number): number {
  const milliseconds = rateLimitSeconds * 1000;
  return (Math.floor(now / milliseconds) + 1) * milliseconds;
}
