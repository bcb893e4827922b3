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

/** Prints a line while a suite works. */
export type Progress = (line: string) => void;

/** A suite measures and returns. */
export type Suite = (progress: Progress) => Promise<SuiteResult>;

/** What one part of a long suite has to say. */
export interface PartResult {
  readonly rows: readonly (readonly [what: string, measured: string, asked?: string])[];
  readonly notes: readonly string[];
  readonly summary: Readonly<Record<string, number>>;
}

/** A suite whose parts can be run one by one, with `--part`. */
export interface SuiteModule {
  readonly run: Suite;
  readonly parts?: Readonly<Record<string, Suite>>;
}

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
