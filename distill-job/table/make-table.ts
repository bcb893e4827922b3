/** Teacher vectors to table: principal components, then weights by rank. */
import type { TeacherVectors } from "../teacher/embed-sequences.ts";
import { defaultThreads } from "../threads/thread-pool.ts";
import { columnMeans, covariance } from "./covariance.ts";
import { componentsFor, principalComponents } from "./principal-components.ts";
import { rowBlocks, rowWorkers } from "./row-work.ts";
import { checkAgainstTeacher, isFraction, type TableDimensions } from "./table-options.ts";

export interface Table {
  /** rows x dimensions values, weights included. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dimensions: number;
  /** Share of the teacher's variance that the dimensions keep, from 0 to 1; 1 without PCA. */
  readonly explainedVariance: number;
}

/** How teacher vectors become a table. */
export interface TableOptions {
  readonly dimensions: TableDimensions;
  /** What each row is multiplied by; null for rows as they are. */
  readonly weights: ArrayLike<number> | null;
  /**
   * Power of its standard deviation that each principal component is divided by: 0 leaves them, as model2vec
   * does; 1 makes all alike.
   */
  readonly whitening?: number;
  /** How many may share the work; the result does not depend on it. */
  readonly threads?: number | undefined;
}

/**
 * Does what model2vec 0.8 does in `distill/inference.py`, `post_process_embeddings`, and multiplies the
 * weights into the rows, as its `StaticModel` does when it encodes.
 *
 * @throws NearvecError invalid_request for dimensions that the teacher does not have
 */
export async function makeTable(teacher: TeacherVectors, options: TableOptions): Promise<Table> {
  const { dimensions, weights, whitening = 0, threads = defaultThreads() } = options;
  checkAgainstTeacher(dimensions, teacher.rows, teacher.dimensions);
  const reduced =
    dimensions === "none" ? asTheyAre(teacher) : await reduce(teacher, dimensions, whitening, threads);
  if (weights === null) return reduced;
  const values = reduced.values.map((value, i) => value * weights[Math.floor(i / reduced.dimensions)]!);
  return { ...reduced, values };
}

function asTheyAre({ values, rows, dimensions }: TeacherVectors): Table {
  return { values, rows, dimensions, explainedVariance: 1 };
}

async function reduce(
  { values, rows, dimensions }: TeacherVectors,
  wanted: number | "auto",
  whitening: number,
  threads: number,
): Promise<Table> {
  const workers = rowWorkers(rows, dimensions, threads);
  try {
    const means = columnMeans(values, dimensions);
    const blocks = rowBlocks(values, dimensions);
    const scatters = await Promise.all(
      blocks.map((block) => workers.ask({ kind: "scatter", values: block, means })),
    );
    const { directions, variances } = principalComponents(means, covariance(scatters, rows));
    const count = componentCount(wanted, variances);
    const axes = whiten(directions.subarray(0, count * dimensions), dimensions, variances, whitening);
    const projected = await Promise.all(
      blocks.map((block) => workers.ask({ kind: "project", values: block, means, axes })),
    );
    const reduced = new Float32Array(rows * count);
    projected.reduce((at, block) => {
      reduced.set(block, at);
      return at + block.length;
    }, 0);
    const explainedVariance = sum(variances.subarray(0, count)) / sum(variances);
    return { values: reduced, rows, dimensions: count, explainedVariance };
  } finally {
    await workers.close();
  }
}

/** Shortens each axis by a power of the standard deviation along it; an axis without any stays. */
function whiten(
  axes: Float64Array,
  dimensions: number,
  variances: Float64Array,
  power: number,
): Float64Array {
  if (power === 0) return axes;
  return axes.map((value, i) => {
    const variance = variances[Math.floor(i / dimensions)]!;
    return variance > 0 ? value / variance ** (power / 2) : value;
  });
}

function componentCount(wanted: number | "auto", variances: Float64Array): number {
  if (wanted === "auto") return variances.length;
  return isFraction(wanted) ? componentsFor(wanted, variances) : wanted;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
