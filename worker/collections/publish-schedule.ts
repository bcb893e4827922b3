/** When a collection's alarm has what to do. */
import {
  loadMinDocuments,
  loadPauseMilliseconds,
  manifestIntervalMilliseconds,
  maxPublishDelayMilliseconds,
  maxPublishRetryMilliseconds,
  maxSegmentBytes,
  publishDelayMilliseconds,
  publishRetryMilliseconds,
} from "../../shared/limits.ts";
import type { ProgressValues } from "./progress.ts";

/**
 * When to publish, in milliseconds since 1970; null if everything is.
 *
 * A few writes are published soon. A load waits until it pauses, or is enough for a segment, or has gone on for long:
 * every publication costs writes to KV, of which there are 1,000 a day on the free plan.
 *
 * @param fresh asked only where it matters
 */
export function publishDue(
  state: ProgressValues,
  fresh: () => { readonly documents: number; readonly bytes: number },
  now: number,
): number | null {
  const allowed = Math.max(state.retry_at, state.confirmed_at + manifestIntervalMilliseconds);
  if (state.generation !== state.confirmed_generation) return Math.max(now, allowed);
  if (state.unpublished_since === null) return null;
  const soonest = Math.max(state.unpublished_since + publishDelayMilliseconds, allowed);
  if (now < soonest) return soonest;
  const pause = state.written_at + loadPauseMilliseconds;
  const latest = state.unpublished_since + maxPublishDelayMilliseconds;
  if (now >= Math.min(pause, latest)) return soonest;
  const { documents, bytes } = fresh();
  return documents < loadMinDocuments || bytes >= maxSegmentBytes ? soonest : Math.min(pause, latest);
}

/** Milliseconds to wait after a number of failures in a row. */
export function retryDelay(failures: number): number {
  return Math.min(publishRetryMilliseconds * 2 ** (failures - 1), maxPublishRetryMilliseconds);
}
