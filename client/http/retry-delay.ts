/** When to try again: as the server says, else after a pause that doubles and that chance spreads. */

/** Milliseconds before the first retry, at most. */
const firstPause = 500;

/** Milliseconds between two tries at most, where the server names no time. */
const longestPause = 8_000;

/** Seconds that a server may ask to be waited for; with more, the error is reported at once. */
export const maxRetryAfterSeconds = 60;

/**
 * Milliseconds to wait before the next try, or null if the server asks for longer than anyone would wait.
 *
 * Pauses are spread over their upper half, so that clients that failed together do not come back together
 * ("equal jitter", Brooker, Exponential Backoff And Jitter, 2015).
 *
 * @param retry 0 for the first retry.
 * @param retryAfter The header, if there is one: seconds or a date (RFC 9110, 10.2.3).
 * @param random From 0 to 1.
 */
export function retryDelay(retry: number, retryAfter: string | null, random = Math.random()): number | null {
  const pause = Math.min(longestPause, firstPause * 2 ** retry) * (1 + random) * 0.5;
  const asked = retryAfterSeconds(retryAfter);
  if (asked === undefined) return pause;
  if (asked > maxRetryAfterSeconds) return null;
  // Those who were asked to wait for the same second should not all come in it.
  return asked * 1000 + random * firstPause;
}

/** Seconds from now that a `retry-after` header asks for; undefined if there is none, or none to be understood. */
export function retryAfterSeconds(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}
