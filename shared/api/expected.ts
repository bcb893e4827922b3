/** Messages of fields that are not what the schema asks for, and objects that take no field but their own. */
import { z } from "zod";
import { describeValue } from "./describe-value.ts";
import { formatPath } from "./field-path.ts";

/** Builds the message of a field whose value is not what the schema asks for. */
export function expected(what: string): (issue: { readonly input?: unknown }) => string {
  return (issue) => `Expected ${what}, got ${describeValue(issue.input)}.`;
}

/** As `expected`, of a field of which there are many: the message says which, e.g. `inputs[3].content`. */
export function expectedAt(
  what: string,
): (issue: { readonly input?: unknown; readonly path?: readonly PropertyKey[] | undefined }) => string {
  return ({ input, path = [] }) => `Expected ${formatPath(path)} to be ${what}, got ${describeValue(input)}.`;
}

/**
 * An object without other fields: a misspelled option that nobody reads would be a silent mistake.
 *
 * @param what The object's name in messages, e.g. `fusion`.
 */
export function closedObject<Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  const names = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `Expected ${what} to have no other fields than ${names}, got ${describeValue(issue.keys[0])}.`
        : `Expected ${what} to be an object, got ${describeValue(issue.input)}.`,
  });
}
