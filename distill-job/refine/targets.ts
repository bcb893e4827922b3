/** Where texts should land: the vectors of all teachers side by side, seen along their principal components. */
import { columnMeans, covariance } from "../table/covariance.ts";
import { principalComponents } from "../table/principal-components.ts";
import { rowBlocks, rowWorkers } from "../table/row-work.ts";
import { checkAgainstTeacher } from "../table/table-options.ts";
import { type Core, rangesOf } from "./core/core.ts";
import type { SharedMatrix } from "./core/shared-matrix.ts";
import type { VectorSource } from "./teacher-pass/vector-source.ts";

/** Rows that means and principal components are computed of: more move them by less than matters. */
const maxSampleRows = 16_384;
/** Rows projected at a time: 64 x 384 floats fit into a core's cache. */
const rowsPerRange = 64;

/** The vectors of one teacher. */
export interface WeightedVectors {
  readonly vectors: VectorSource;
  /** Factor of this teacher's vectors beside those of the others. */
  readonly weight: number;
}

/** How vectors of the teachers become vectors of the table. */
export interface TargetSpace {
  readonly teachers: readonly TeacherPart[];
  /** What the mean of all vectors side by side becomes: dimensions values. */
  readonly origin: Float64Array;
}

/** What one teacher's vectors are to the space. */
interface TeacherPart {
  readonly weight: number;
  /** Mean of its vectors. */
  readonly means: Float64Array;
  /** dimensions of the table x dimensions of the teacher. */
  readonly axes: Float32Array;
}

/**
 * Finds the space: centres each teacher's vectors, gives them the same length, weighs them, puts them side by
 * side, and takes the principal components. All of it from evenly spaced vectors, 16,384 at most.
 *
 * @param teachers vectors of the same texts
 * @throws NearvecError invalid_request for more dimensions than the teachers have together, or than texts
 */
export async function targetSpace(
  teachers: readonly WeightedVectors[],
  dimensions: number,
  threads: number,
): Promise<TargetSpace> {
  const { rows } = teachers[0]!.vectors;
  const width = teachers.reduce((sum, { vectors }) => sum + vectors.dimensions, 0);
  checkAgainstTeacher(dimensions, rows, width);
  const count = Math.min(rows, maxSampleRows);
  const chosen = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
  const sample = new Float32Array(count * width);
  const teacherMeans: Float64Array[] = [];
  let first = 0;
  for (const { vectors, weight } of teachers) {
    const values = await vectors.read(chosen);
    const means = columnMeans(values, vectors.dimensions);
    chosen.forEach((_, i) => {
      const vector = values.subarray(i * vectors.dimensions, (i + 1) * vectors.dimensions);
      centreAndWeigh(vector, means, weight, sample, i * width + first);
    });
    teacherMeans.push(means);
    first += vectors.dimensions;
  }
  const means = columnMeans(sample, width);
  const directions = await componentsOf(sample, means, threads);
  return {
    teachers: teachers.map(({ weight }, t) => {
      const columns = teacherMeans[t]!.length;
      const from = teacherMeans.slice(0, t).reduce((sum, each) => sum + each.length, 0);
      const axes = new Float32Array(dimensions * columns);
      for (let axis = 0; axis < dimensions; axis++) {
        const start = axis * width + from;
        axes.set(directions.subarray(start, start + columns), axis * columns);
      }
      return { weight, means: teacherMeans[t]!, axes };
    }),
    origin: Float64Array.from({ length: dimensions }, (_, axis) =>
      means.reduce((sum, mean, i) => sum + mean * directions[axis * width + i]!, 0),
    ),
  };
}

async function componentsOf(
  sample: Float32Array,
  means: Float64Array,
  threads: number,
): Promise<Float64Array> {
  const width = means.length;
  const rows = sample.length / width;
  const workers = rowWorkers(rows, width, threads);
  try {
    const scatters = await Promise.all(
      rowBlocks(sample, width).map((values) => workers.ask({ kind: "scatter", values, means })),
    );
    return principalComponents(means, covariance(scatters, rows)).directions;
  } finally {
    await workers.close();
  }
}

/**
 * Places vectors of the teachers in the space: the sum of what each teacher's part of the axes makes of its
 * vectors, less the origin.
 *
 * @param sources vectors of each teacher of the space, of the same texts
 * @param normalize whether what comes out gets length 1, as targets do
 * @returns rows x dimensions
 */
export async function placeInSpace(
  core: Core,
  space: TargetSpace,
  sources: readonly VectorSource[],
  normalize: boolean,
): Promise<SharedMatrix> {
  const { origin } = space;
  const placed = core.memory.matrix(sources[0]!.rows, origin.length);
  for (let row = 0; row < placed.rows; row++) {
    for (let d = 0; d < origin.length; d++) placed.view[row * placed.width + d] = -origin[d]!;
  }
  for (const [t, source] of sources.entries()) await addTeacher(core, space.teachers[t]!, source, placed);
  if (normalize) normalizeRows(placed);
  return placed;
}

async function addTeacher(
  core: Core,
  { weight, means, axes }: TeacherPart,
  source: VectorSource,
  placed: SharedMatrix,
): Promise<void> {
  const { memory } = core;
  const columns = source.dimensions;
  await memory.scratch(async () => {
    const axesMatrix = memory.matrixOf(axes, columns);
    for await (const { rows, values } of source.blocks()) {
      await memory.scratch(async () => {
        const vectors = memory.matrix(rows.length, columns);
        rows.forEach((_, i) => {
          const vector = values.subarray(i * columns, (i + 1) * columns);
          centreAndWeigh(vector, means, weight, vectors.view, i * vectors.width);
        });
        const projected = memory.matrix(rows.length, axesMatrix.rows);
        await core.run("productTransposed", rangesOf(rows.length, rowsPerRange), ({ from, to }) => [
          vectors.pointer + from * vectors.width * 4,
          to - from,
          axesMatrix.pointer,
          axesMatrix.rows,
          axesMatrix.width,
          projected.pointer + from * projected.width * 4,
          projected.width,
        ]);
        rows.forEach((row, i) => {
          for (let d = 0; d < placed.columns; d++) {
            placed.view[row * placed.width + d]! += projected.view[i * projected.width + d]!;
          }
        });
      });
    }
  });
}

/** Writes a vector, centred and of length `weight`; zeros if it is the mean itself. */
function centreAndWeigh(
  vector: Float32Array,
  means: Float64Array,
  weight: number,
  target: Float32Array,
  at: number,
): void {
  let squares = 0;
  for (let d = 0; d < vector.length; d++) {
    const value = vector[d]! - means[d]!;
    target[at + d] = value;
    squares += value * value;
  }
  const factor = squares === 0 ? 0 : weight / Math.sqrt(squares);
  for (let d = 0; d < vector.length; d++) target[at + d]! *= factor;
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
