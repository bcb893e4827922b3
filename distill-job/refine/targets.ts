/** Where texts should land: the vectors of all teachers side by side, seen along their principal components. */
import { columnMeans, covariance } from "../table/covariance.ts";
import { principalComponents } from "../table/principal-components.ts";
import { rowBlocks, rowWorkers } from "../table/row-work.ts";
import { checkAgainstTeacher } from "../table/table-options.ts";
import type { TeacherVectors } from "../teacher/embed-sequences.ts";
import { type Core, rangesOf } from "./core/core.ts";
import type { SharedMatrix } from "./core/shared-matrix.ts";

/** Rows that the principal components are computed of: more move them by less than a rounding error matters. */
const maxComponentRows = 16_384;
/** Rows projected at a time: 64 x 768 floats fit into a core's cache. */
const rowsPerRange = 64;

/** The vectors of one teacher. */
export interface WeightedVectors extends TeacherVectors {
  /** Factor of this teacher's vectors beside those of the others. */
  readonly weight: number;
}

/** How vectors of the teachers become vectors of the table. */
export interface TargetSpace {
  /** Mean of each teacher's vectors. */
  readonly teacherMeans: readonly Float64Array[];
  /** Mean of what stands side by side. */
  readonly means: Float64Array;
  /** dimensions x dimensions of all teachers. */
  readonly axes: Float64Array;
  readonly weights: readonly number[];
}

/**
 * Finds the space: centres each teacher's vectors, gives them the same length, weighs them, puts them side by
 * side, and takes the principal components.
 *
 * @param teachers vectors of the same texts
 * @throws NearvecError invalid_request for more dimensions than the teachers have together, or than texts
 */
export async function targetSpace(
  teachers: readonly WeightedVectors[],
  dimensions: number,
  threads: number,
): Promise<TargetSpace> {
  const { rows } = teachers[0]!;
  const width = teachers.reduce((sum, teacher) => sum + teacher.dimensions, 0);
  checkAgainstTeacher(dimensions, rows, width);
  const teacherMeans = teachers.map(({ values, dimensions }) => columnMeans(values, dimensions));
  const sampled = Math.min(rows, maxComponentRows);
  const sample = new Float32Array(sampled * width);
  for (let i = 0; i < sampled; i++) {
    const row = Math.floor((i * rows) / sampled);
    putSideBySide(teachers, teacherMeans, row, sample.subarray(i * width, (i + 1) * width));
  }
  const means = columnMeans(sample, width);
  const workers = rowWorkers(sampled, width, threads);
  try {
    const scatters = await Promise.all(
      rowBlocks(sample, width).map((values) => workers.ask({ kind: "scatter", values, means })),
    );
    const { directions } = principalComponents(means, covariance(scatters, sampled));
    return {
      teacherMeans,
      means,
      axes: directions.subarray(0, dimensions * width),
      weights: teachers.map(({ weight }) => weight),
    };
  } finally {
    await workers.close();
  }
}

/**
 * Places vectors of the teachers in the space.
 *
 * @param normalize whether what comes out gets length 1, as targets do
 * @returns rows x dimensions
 */
export async function placeInSpace(
  core: Core,
  space: TargetSpace,
  teachers: readonly TeacherVectors[],
  normalize: boolean,
): Promise<SharedMatrix> {
  const { memory } = core;
  const { rows } = teachers[0]!;
  const columns = space.means.length;
  const placed = memory.matrix(rows, space.axes.length / columns);
  const weighted = teachers.map((teacher, i) => ({ ...teacher, weight: space.weights[i]! }));
  await memory.scratch(async () => {
    const sideBySide = memory.matrix(rows, columns);
    for (let row = 0; row < rows; row++) {
      const target = sideBySide.view.subarray(row * sideBySide.width, row * sideBySide.width + columns);
      putSideBySide(weighted, space.teacherMeans, row, target);
      for (let column = 0; column < columns; column++) target[column]! -= space.means[column]!;
    }
    const axes = memory.matrixOf(Float32Array.from(space.axes), columns);
    await core.run("productTransposed", rangesOf(rows, rowsPerRange), ({ from, to }) => [
      sideBySide.pointer + from * sideBySide.width * 4,
      to - from,
      axes.pointer,
      axes.rows,
      axes.width,
      placed.pointer + from * placed.width * 4,
      placed.width,
    ]);
  });
  if (normalize) normalizeRows(placed);
  return placed;
}

/** Writes one row: every teacher's vector centred, of length `weight`. */
function putSideBySide(
  teachers: readonly WeightedVectors[],
  teacherMeans: readonly Float64Array[],
  row: number,
  target: Float32Array,
): void {
  let at = 0;
  teachers.forEach(({ values, dimensions, weight }, t) => {
    const means = teacherMeans[t]!;
    let squares = 0;
    for (let d = 0; d < dimensions; d++) {
      const value = values[row * dimensions + d]! - means[d]!;
      target[at + d] = value;
      squares += value * value;
    }
    const factor = squares === 0 ? 0 : weight / Math.sqrt(squares);
    for (let d = 0; d < dimensions; d++) target[at + d]! *= factor;
    at += dimensions;
  });
}

function normalizeRows({ view, width }: SharedMatrix): void {
  for (let start = 0; start < view.length; start += width) {
    let squares = 0;
    for (let i = start; i < start + width; i++) squares += view[i]! * view[i]!;
    if (squares === 0) continue;
    const factor = 1 / Math.sqrt(squares);
    for (let i = start; i < start + width; i++) view[i]! *= factor;
  }
}
