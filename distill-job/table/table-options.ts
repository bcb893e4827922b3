/** How the teacher's vectors become a table. */
import { NearvecError } from "../../shared/errors.ts";

/**
 * Dimensions of the table: a number of principal components, the fraction of the variance that they must
 * explain (over 0, under 1), all of them (`auto`), or the teacher's own dimensions as they are (`none`).
 */
export type TableDimensions = number | "auto" | "none";

/**
 * Checks dimensions before the teacher runs, as far as that can be.
 * @throws NearvecError invalid_request
 */
export function checkDimensions(dimensions: TableDimensions): void {
  if (typeof dimensions === "string" || isFraction(dimensions)) return;
  if (Number.isInteger(dimensions) && dimensions >= 1) return;
  throw dimensionsError(
    `Expected dims to be a whole number, a fraction between 0 and 1, "auto" or "none", got ${dimensions}.`,
  );
}

/**
 * Checks dimensions against the teacher. Where model2vec warns and does something else, this stops.
 * @throws NearvecError invalid_request
 */
export function checkAgainstTeacher(
  dimensions: TableDimensions,
  rows: number,
  teacherDimensions: number,
): void {
  if (dimensions === "none") return;
  const wanted = dimensions === "auto" ? teacherDimensions : dimensions;
  if (wanted > teacherDimensions) {
    throw dimensionsError(
      `Expected dims to be at most the teacher's ${teacherDimensions}, got ${wanted}. Choose a smaller --dims, or --dims auto.`,
    );
  }
  if (wanted >= rows) {
    throw dimensionsError(
      `Expected dims to be fewer than the ${rows} rows that are left, got ${wanted}. Choose a smaller --dims, or --dims none.`,
    );
  }
}

/** @throws NearvecError invalid_request unless the coefficient is over 0 and under 1, or null for no weights */
export function checkSifCoefficient(coefficient: number | null): void {
  if (coefficient === null || (coefficient > 0 && coefficient < 1)) return;
  throw new NearvecError(
    "invalid_request",
    `Expected the SIF coefficient to be over 0 and under 1, such as 1e-4, or "none", got ${coefficient}.`,
    { param: "sif" },
  );
}

export function isFraction(dimensions: number): boolean {
  return dimensions > 0 && dimensions < 1;
}

function dimensionsError(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "dims" });
}
