/** Teacher vectors to table: principal components, then weights by rank. */
import type { TeacherVectors } from "../teacher/embed-sequences.ts";
import { componentsFor, principalComponents, project } from "./principal-components.ts";
import { sifWeights } from "./sif-weights.ts";
import { checkAgainstTeacher, isFraction, type TableDimensions } from "./table-options.ts";

export interface Table {
  /** rows x dimensions values, weights included. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dimensions: number;
  /** Share of the teacher's variance that the dimensions keep, from 0 to 1; 1 without PCA. */
  readonly explainedVariance: number;
}

/**
 * Does what model2vec 0.8 does in `distill/inference.py`, `post_process_embeddings`, and multiplies the
 * weights into the rows, as its `StaticModel` does when it encodes.
 *
 * @param sifCoefficient null for rows without weights
 * @throws NearvecError invalid_request for dimensions that the teacher does not have
 */
export function makeTable(
  teacher: TeacherVectors,
  dimensions: TableDimensions,
  sifCoefficient: number | null,
): Table {
  checkAgainstTeacher(dimensions, teacher.rows, teacher.dimensions);
  const reduced = reduce(teacher, dimensions);
  if (sifCoefficient === null) return reduced;
  const weights = sifWeights(reduced.rows, sifCoefficient);
  const values = reduced.values.map((value, i) => value * weights[Math.floor(i / reduced.dimensions)]!);
  return { ...reduced, values };
}

function reduce(teacher: TeacherVectors, dimensions: TableDimensions): Table {
  if (dimensions === "none") return { ...teacher, explainedVariance: 1 };
  const components = principalComponents(teacher.values, teacher.dimensions);
  const { variances } = components;
  const count =
    dimensions === "auto"
      ? teacher.dimensions
      : isFraction(dimensions)
        ? componentsFor(dimensions, variances)
        : dimensions;
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    values: project(teacher.values, components, count),
    rows: teacher.rows,
    dimensions: count,
    explainedVariance: sum(variances.subarray(0, count)) / sum(variances),
  };
}
