/** A vector that a client brings. */
import { NearvecError } from "../../errors.ts";
import { describeValue } from "../describe-value.ts";

/**
 * @param dimensions Those of the collection.
 * @param param The field's name in messages.
 * @throws NearvecError `invalid_request` naming the number that is wrong, e.g. `vector[17]`.
 */
export function checkVector(value: unknown, dimensions: number, param: string): Float32Array {
  if (!Array.isArray(value)) {
    throw invalid(
      `Expected ${param} to be an array of ${dimensions} numbers, got ${describeValue(value)}.`,
      param,
    );
  }
  if (value.length !== dimensions) {
    throw invalid(
      `Expected ${param} to have ${dimensions} numbers, as the collection's model gives, got ${value.length}.`,
      param,
    );
  }
  const vector = new Float32Array(dimensions);
  let nonZero = false;
  for (let i = 0; i < dimensions; i++) {
    const number: unknown = value[i];
    // In float32, for a number that float64 holds may be infinite there.
    if (typeof number !== "number" || !Number.isFinite(Math.fround(number))) {
      const path = `${param}[${i}]`;
      throw invalid(`Expected ${path} to be a finite number, got ${describeValue(number)}.`, path);
    }
    vector[i] = number;
    nonZero ||= vector[i] !== 0;
  }
  if (!nonZero) {
    throw invalid(`Expected ${param} to have a direction, got nothing but zeros.`, param);
  }
  return vector;
}

function invalid(message: string, param: string): NearvecError {
  return new NearvecError("invalid_request", message, { param });
}
