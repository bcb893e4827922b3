/** Multinomial logistic regression: the classifier that MTEB puts on top of embeddings. */
import { minimize } from "./limited-memory-bfgs.ts";
import { rowOf, type Vectors } from "./vectors.ts";

/** One weight vector and one bias per class: classes x (dimensions + 1). */
export interface LogisticModel {
  readonly weights: Float64Array;
  readonly classes: number;
  readonly dimensions: number;
}

/** Inverse strength of the regularization, and rounds at most: scikit-learn's default, and MTEB's. */
const inverseRegularization = 1;
const maxIterations = 100;

/**
 * Fits by maximum likelihood with an L2 penalty on the weights, not on the biases.
 *
 * Source: scikit-learn 1.9, `LogisticRegression`: minimizes C x sum of -log p(label) + |weights|^2 / 2 by
 * L-BFGS, C = 1.
 *
 * @param labels from 0 to classes - 1, one per row
 */
export function fitLogistic(vectors: Vectors, labels: Int32Array, classes: number): LogisticModel {
  const { rows, dimensions } = vectors;
  const width = dimensions + 1;
  const logits = new Float64Array(classes);
  const loss = (weights: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const vector = rowOf(vectors, row);
      const label = labels[row]!;
      total += probabilities(weights, vector, logits, label);
      for (let each = 0; each < classes; each++) {
        const error = inverseRegularization * (logits[each]! - (each === label ? 1 : 0));
        const start = each * width;
        for (let i = 0; i < dimensions; i++) gradient[start + i]! += error * vector[i]!;
        gradient[start + dimensions]! += error;
      }
    }
    total *= inverseRegularization;
    for (let each = 0; each < classes; each++) {
      const start = each * width;
      for (let i = start; i < start + dimensions; i++) {
        total += (weights[i]! * weights[i]!) / 2;
        gradient[i]! += weights[i]!;
      }
    }
    return total;
  };
  return { weights: minimize(loss, classes * width, maxIterations), classes, dimensions };
}

/** The most likely class of a vector. */
export function predictLogistic(
  { weights, classes, dimensions }: LogisticModel,
  vector: Float32Array,
): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let each = 0; each < classes; each++) {
    const logit = logitOf(weights, each * (dimensions + 1), vector);
    if (logit > highest) {
      highest = logit;
      best = each;
    }
  }
  return best;
}

/** Leaves the classes' probabilities in `logits`; returns -log of the label's. */
function probabilities(
  weights: Float64Array,
  vector: Float32Array,
  logits: Float64Array,
  label: number,
): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let each = 0; each < logits.length; each++) {
    logits[each] = logitOf(weights, each * (vector.length + 1), vector);
    highest = Math.max(highest, logits[each]!);
  }
  let sum = 0;
  for (let each = 0; each < logits.length; each++) {
    logits[each] = Math.exp(logits[each]! - highest);
    sum += logits[each]!;
  }
  for (let each = 0; each < logits.length; each++) logits[each]! /= sum;
  return -Math.log(Math.max(logits[label]!, Number.MIN_VALUE));
}

function logitOf(weights: Float64Array, start: number, vector: Float32Array): number {
  let sum = weights[start + vector.length]!;
  for (let i = 0; i < vector.length; i++) sum += weights[start + i]! * vector[i]!;
  return sum;
}
