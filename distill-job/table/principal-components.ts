/**
 * Principal components: the directions in which the rows differ most. Centred, not whitened.
 *
 * Same results as scikit-learn's `PCA(n_components, svd_solver="full")` (`decomposition/_pca.py`), by way of
 * the covariance matrix instead of the singular values: it is small, and its sums are doubles.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";

export interface PrincipalComponents {
  /** Mean of every column. */
  readonly means: Float64Array;
  /** dimensions x dimensions: one direction of length 1 per row, that of the largest variance first. */
  readonly directions: Float64Array;
  /** Variance along every direction, falling. */
  readonly variances: Float64Array;
}

/**
 * @param means mean of every column
 * @param covariance dimensions x dimensions
 */
export function principalComponents(means: Float64Array, covariance: Float64Array): PrincipalComponents {
  const dimensions = means.length;
  const matrix = Matrix.from1DArray(dimensions, dimensions, covariance);
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const eigenvectors = decomposition.eigenvectorMatrix;
  const eigenvalues = decomposition.realEigenvalues;
  const order = eigenvalues.map((_, i) => i).sort((a, b) => eigenvalues[b]! - eigenvalues[a]!);
  const directions = new Float64Array(dimensions * dimensions);
  order.forEach((column, i) => {
    directions.set(pointingUp(eigenvectors.getColumn(column)), i * dimensions);
  });
  // A direction without any variance may come out a little below 0.
  return { means, directions, variances: Float64Array.from(order, (i) => Math.max(0, eigenvalues[i]!)) };
}

/**
 * How many of the components explain more than a fraction of the variance.
 *
 * Source: scikit-learn, `decomposition/_pca.py`, `_fit_full`, for an `n_components` between 0 and 1:
 * `searchsorted(ratio_cumsum, n_components, side="right") + 1`.
 */
export function componentsFor(fraction: number, variances: Float64Array): number {
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  let explained = 0;
  const count = variances.findIndex((variance) => {
    explained += variance / total;
    return explained > fraction;
  });
  return count === -1 ? variances.length : count + 1;
}

/**
 * An eigenvector is only known up to its sign: the entry of the largest size is made positive.
 * Source: scikit-learn, `utils/extmath.py`, `svd_flip` with `u_based_decision=False`.
 */
function pointingUp(direction: readonly number[]): number[] {
  const largest = direction.reduce((best, entry) => (Math.abs(entry) > Math.abs(best) ? entry : best), 0);
  return largest < 0 ? direction.map((entry) => -entry) : [...direction];
}
