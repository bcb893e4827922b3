/**
 * The two pieces of work that grow with the rows, cut into blocks for threads to share.
 *
 * The cut depends on the number of rows alone, and results are put together in the blocks' order: the bits
 * are the same with any number of threads, or with none.
 */
import { scriptBeside } from "../threads/script-beside.ts";
import { ThreadPool } from "../threads/thread-pool.ts";
import { scatter } from "./covariance.ts";
import { project } from "./projection.ts";

/** What is asked about a block: its scatter matrix, or its rows along other axes. */
export type RowQuestion =
  | { readonly kind: "scatter"; readonly values: Float32Array; readonly means: Float64Array }
  | {
      readonly kind: "project";
      readonly values: Float32Array;
      readonly means: Float64Array;
      readonly axes: Float64Array;
    };

type AnswerOf<Question extends RowQuestion> = Question extends { kind: "scatter" }
  ? Float64Array
  : Float32Array;

/** Somebody who answers questions about blocks: this thread or others. */
export interface RowWorkers {
  ask<Question extends RowQuestion>(question: Question): Promise<AnswerOf<Question>>;
  close(): Promise<void>;
}

/** Enough for every core to have its share, few enough to add up their matrices at no cost. */
const blockCount = 16;

/** Multiplications below which threads take longer to start than to work. */
const multiplicationsWorthThreads = 50_000_000;

/** @param values rows x dimensions, row-major */
export function rowBlocks(values: Float32Array, dimensions: number): Float32Array[] {
  const rowsPerBlock = Math.ceil(values.length / dimensions / blockCount);
  const blocks: Float32Array[] = [];
  for (let at = 0; at < values.length; at += rowsPerBlock * dimensions) {
    blocks.push(values.subarray(at, at + rowsPerBlock * dimensions));
  }
  return blocks;
}

/** Answers a question about a block. */
export function answerAboutRows(question: RowQuestion): Float64Array | Float32Array {
  return question.kind === "scatter"
    ? scatter(question.values, question.means)
    : project(question.values, question.means, question.axes);
}

/** Starts threads if a matrix is large enough for them, and none otherwise. */
export function rowWorkers(rows: number, dimensions: number, threads: number): RowWorkers {
  if (threads === 1 || rows * dimensions ** 2 < multiplicationsWorthThreads) {
    return { ask: async (question) => answerAboutRows(question) as never, close: async () => {} };
  }
  const pool = new ThreadPool<RowQuestion, never>(scriptBeside(import.meta.url, "row-worker"), threads);
  return {
    // A copy: with a view, the whole matrix behind it would be sent.
    ask: (question) => pool.ask({ ...question, values: question.values.slice() }),
    close: () => pool.close(),
  };
}
