/** What an evaluation came to. */
import type { Dataset } from "./data/find-datasets.ts";

/** One system on one data set. */
export interface TaskResult {
  readonly dataset: Dataset;
  readonly split: string;
  /** The model, or the model with BM25, or BM25 alone. */
  readonly system: string;
  /** Whether the vectors decide alone: only such results are the model's own. */
  readonly isPure: boolean;
  /** Name of the score that the leaderboard shows. */
  readonly main: string;
  /** All scores, from 0 to 1 (correlations from -1), by the names that MTEB has for them. */
  readonly scores: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What a task finds out about one encoder; the rest is added by whoever runs it. */
export type TaskScores = Pick<TaskResult, "system" | "isPure" | "main" | "scores">;
