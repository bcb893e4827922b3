/** Fields that requests of several dialects have in common. */
import { z } from "zod";
import { maxDimensions } from "../limits.ts";
import { expected } from "./expected.ts";

/** Absent: the worker's default model. */
export const modelField = z
  .string({ error: expected("model to be the name of a model, see GET /v1/models") })
  .nullish()
  .describe("Name of the model; the worker's default one if not given.");

/** Keep this many leading dimensions and normalize again. Absent: all that the model has. */
export function dimensionsField(name = "dimensions") {
  return wholeNumber(name, 1, maxDimensions).describe(
    "Leading dimensions to keep, normalized again; all that the model has if not given.",
  );
}

/** A whole number in a range; absent and null are the same. */
export function wholeNumber(name: string, least: number, most: number) {
  return z
    .int({ error: expected(`${name} to be an integer from ${least} to ${most}`) })
    .min(least, { error: expected(`${name} to be at least ${least}`) })
    .max(most, { error: expected(`${name} to be at most ${most}`) })
    .nullish();
}

/** True, false, or absent. */
export function flag(name: string, description: string) {
  return z
    .boolean({ error: expected(`${name} to be true or false`) })
    .nullish()
    .describe(description);
}

/** One of several words, or absent. */
export function choice<const Words extends readonly [string, ...string[]]>(
  name: string,
  words: Words,
  description: string,
) {
  const list = words.map((word) => `"${word}"`).join(", ");
  return z
    .enum(words, { error: expected(`${name} to be one of ${list}`) })
    .nullish()
    .describe(description);
}

/** An option that would need more than a table of words: only null, false, an empty list and absence pass. */
export function refused(name: string, reason: string) {
  return z
    .unknown()
    .superRefine((value, context) => {
      if (value === undefined || value === null || value === false) return;
      if (Array.isArray(value) && value.length === 0) return;
      const message = `Expected no ${name}: ${reason}`;
      context.addIssue({ code: "custom", message, params: { code: "not_supported" } });
    })
    .optional()
    .meta({ description: `Refused: ${reason}` });
}
