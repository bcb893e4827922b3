/** Counts a list before it is checked element by element: zod would note a mistake for each of millions. */
import { z } from "zod";
import type { ErrorCode } from "../errors.ts";

/**
 * @param message What the caller is told of a longer list.
 * @param schema Of the list itself.
 */
export function atMost<Schema extends z.ZodType>(
  count: number,
  message: string,
  schema: Schema,
  code: ErrorCode = "invalid_request",
) {
  return z.preprocess((value, context) => {
    if (!Array.isArray(value) || value.length <= count) return value;
    context.addIssue({ code: "custom", message, params: { code } });
    return z.NEVER;
  }, schema);
}
