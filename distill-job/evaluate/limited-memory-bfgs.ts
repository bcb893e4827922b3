/** L-BFGS: finds the lowest point of a smooth function of many numbers. */

/** Returns the value at a point and writes the slope there into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

interface Step {
  readonly move: Float64Array;
  readonly change: Float64Array;
  /** 1 / (move . change) */
  readonly scale: number;
}

const rememberedSteps = 10;
/** Largest slope at which to stop: scikit-learn's `tol`. */
const tolerance = 1e-4;
/** Share of the promised descent that a step must keep: Nocedal and Wright's usual value. */
const sufficientDescent = 1e-4;

/**
 * Minimizes from zero on.
 *
 * Source: Nocedal and Wright 2006, "Numerical Optimization", algorithm 7.5 with the two-loop recursion 7.4,
 * and backtracking by halves (3.1), which is enough for convex functions.
 */
export function minimize(objective: Objective, size: number, maxIterations: number): Float64Array {
  let point = new Float64Array(size);
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  const steps: Step[] = [];
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (gradient.every((slope) => Math.abs(slope) <= tolerance)) break;
    const direction = descentDirection(gradient, steps);
    const slope = product(direction, gradient);
    let length = iteration === 0 ? 1 / Math.sqrt(product(gradient, gradient)) : 1;
    const nextGradient = new Float64Array(size);
    let next = moved(point, direction, length);
    let nextValue = objective(next, nextGradient);
    while (nextValue > value + sufficientDescent * length * slope && length > 1e-12) {
      length /= 2;
      next = moved(point, direction, length);
      nextValue = objective(next, nextGradient);
    }
    if (!(nextValue < value)) break;
    const move = next.map((each, i) => each - point[i]!);
    const change = nextGradient.map((each, i) => each - gradient[i]!);
    const curvature = product(move, change);
    if (curvature > 0) steps.push({ move, change, scale: 1 / curvature });
    if (steps.length > rememberedSteps) steps.shift();
    point = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return point;
}

/** Minus the gradient times an estimate of the inverse Hessian, from the last steps. */
function descentDirection(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const shares = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    const { move, change, scale } = steps[i]!;
    shares[i] = scale * product(move, direction);
    addScaled(direction, change, -shares[i]!);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const factor = 1 / (last.scale * product(last.change, last.change));
    direction.forEach((each, i) => {
      direction[i] = each * factor;
    });
  }
  steps.forEach(({ move, change, scale }, i) => {
    addScaled(direction, move, shares[i]! - scale * product(change, direction));
  });
  return direction;
}

function moved(point: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(point, (each, i) => each + length * direction[i]!);
}

function addScaled(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}

function product(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i]! * right[i]!;
  return sum;
}
