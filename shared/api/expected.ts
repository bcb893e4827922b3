/** Messages of fields that are not what the schema asks for, and objects that take no field but their own. */
import { z } from "zod";
import { describeValue } from "./describe-value.ts";

/** Builds the message of a field whose value is not what the schema asks for. */
export function expected(what: string): (issue: { readonly input?: unknown }) => string {
  return (issue) => `Expected ${what}, got ${describeValue(issue.input)}.`;
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
