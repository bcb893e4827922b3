/** One thing that the doctor has looked at. */

export interface Check {
  /** What was looked at, in a word or two. */
  readonly name: string;
  /** `skip`: not there, and only needed for what the message says. */
  readonly status: "ok" | "warn" | "fail" | "skip";
  readonly message: string;
  /** What to do about it; null where there is nothing to do. */
  readonly fix: string | null;
}

export function ok(name: string, message: string): Check {
  return { name, status: "ok", message, fix: null };
}

export function skip(name: string, message: string): Check {
  return { name, status: "skip", message, fix: null };
}

export function warn(name: string, message: string, fix: string): Check {
  return { name, status: "warn", message, fix };
}

export function fail(name: string, message: string, fix: string): Check {
  return { name, status: "fail", message, fix };
}

/** What was thrown, in one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, " ");
}
