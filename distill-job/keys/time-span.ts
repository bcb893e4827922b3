/** Spans of time and dates as people type them: `90d`, `12h`, `2027-01-31`. */
import { InvalidArgumentError } from "commander";

const unitMilliseconds: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Milliseconds; 0 needs no unit. */
export function parseTimeSpan(text: string): number {
  if (text === "0") return 0;
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return Number(count) * unitMilliseconds[unit]!;
  throw new InvalidArgumentError(
    "Expected a number of minutes, hours, days or weeks, such as 30m, 12h, 90d, 2w.",
  );
}

/** A span from now, or a date, which ends when its day does in UTC. @returns ISO 8601 */
export function parseEnd(text: string, now = Date.now()): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const end = isDate ? Date.parse(`${text}T23:59:59Z`) : now + parseSpanOfEnd(text);
  // Such a day of a month that is shorter is no date.
  if (Number.isNaN(end) || (isDate && new Date(end).toISOString().slice(0, 10) !== text)) {
    throw new InvalidArgumentError("Expected a date that there is, such as 2027-01-31.");
  }
  if (end > now) return new Date(end).toISOString();
  throw new InvalidArgumentError("Expected a time to come.");
}

function parseSpanOfEnd(text: string): number {
  try {
    return parseTimeSpan(text);
  } catch {
    throw new InvalidArgumentError("Expected a span such as 90d or 12h, or a date such as 2027-01-31.");
  }
}
