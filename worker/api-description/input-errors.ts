/** What routes that embed say beside what any route with a body says. */
import type { ErrorCode } from "../../shared/errors.ts";

export const inputErrors: readonly ErrorCode[] = [
  "empty_input",
  "too_many_inputs",
  "not_supported",
  "model_not_found",
];
