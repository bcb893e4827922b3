/** What a benchmark suite is, and how its result is printed. */

/** The outcome of one suite: a table for people, keys for programs. */
export interface SuiteResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table: what was measured, on which data, how far from the physical limit. */
  readonly notes: readonly string[];
  /** The keys that `--json` prints as one object on the last line. */
  readonly summary: Readonly<Record<string, number | string>>;
}

/** A suite measures and returns; `progress` prints a line while it works. */
export type Suite = (progress: (line: string) => void) => Promise<SuiteResult>;

/** The middle of the sorted values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Lays out rows under their column names, numbers flush right. */
export function formatTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(columns), rule, ...rows.map(line)].join("\n");
}
