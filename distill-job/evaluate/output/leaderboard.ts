/** Results side by side: one row per system, one column per data set. */
import type { TaskResult } from "../task-result.ts";

export interface Leaderboard {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Names of scores as people say them. */
const scoreNames: Readonly<Record<string, string>> = {
  cosine_spearman: "Spearman",
  ndcg_at_10: "nDCG@10",
  recall_at_100: "recall@100",
  accuracy: "accuracy",
  v_measure: "v-measure",
};

/** Every score x 100, systems in the order in which they came; what a system lacks stays empty. */
export function leaderboard(results: readonly TaskResult[]): Leaderboard {
  const columns: string[] = [];
  const rows = new Map<string, Map<string, number>>();
  for (const { dataset, system, scores } of results) {
    const row = rows.get(system) ?? new Map<string, number>();
    rows.set(system, row);
    for (const [name, score] of Object.entries(scores)) {
      const column = `${dataset.name} ${scoreNames[name] ?? name}`;
      if (!columns.includes(column)) columns.push(column);
      row.set(column, score);
    }
  }
  return {
    columns: ["model", ...columns],
    rows: [...rows].map(([system, scores]) => [
      system,
      ...columns.map((column) => print(scores.get(column))),
    ]),
  };
}

/** Lays it out for a terminal, numbers flush right. */
export function formatText({ columns, rows }: Leaderboard): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(columns), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** The same as a table in Markdown. */
export function formatMarkdown({ columns, rows }: Leaderboard): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map((_, i) => (i === 0 ? "---" : "---:"));
  return `${[line(columns), line(rule), ...rows.map(line)].join("\n")}\n`;
}

function print(score: number | undefined): string {
  return score === undefined ? "" : (score * 100).toFixed(2);
}
