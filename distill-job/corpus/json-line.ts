/** One line of a .jsonl file. */
import { NearvecError } from "../../shared/errors.ts";

/**
 * @param place file and line, for the message
 * @param param what the command calls its input
 * @throws NearvecError invalid_request if the line is no JSON
 */
export function parseJsonLine(line: string, place: string, param: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new NearvecError(
      "invalid_request",
      `Expected JSON at ${place}, got: ${(cause as Error).message}. Is it one object per line?`,
      { param, cause },
    );
  }
}
