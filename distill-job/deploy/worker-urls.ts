/** Where a deployed worker answers, out of what wrangler calls targets. */
import type { WranglerRecord } from "./wrangler.ts";

/** Of the record of `wrangler deploy`. */
export function urlsOfRecord({ targets }: WranglerRecord): string[] {
  return Array.isArray(targets) ? urls(targets.map(String)) : [];
}

/** Of what `wrangler triggers deploy` prints, which has no record: a target in each indented line. */
export function urlsOfText(stdout: string): string[] {
  return urls([...stdout.matchAll(/^ {2,}(\S.*)$/gm)].map(([, target]) => target!.trim()));
}

/** A user's own domain before workers.dev; patterns with a star are no address, nor are schedules and queues. */
function urls(targets: readonly string[]): string[] {
  return targets
    .map(
      (target) =>
        /^(?:https:\/\/)?((?:[a-z0-9-]+\.)+[a-z0-9-]+)(?: \(custom domain.*\))?$/i.exec(target)?.[1],
    )
    .filter((host) => host !== undefined)
    .map((host) => `https://${host}`)
    .toSorted((one, other) => Number(one.endsWith(".workers.dev")) - Number(other.endsWith(".workers.dev")));
}
