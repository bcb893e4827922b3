/** Which tokens to drop, as a regular expression. */
import { NearvecError } from "../../shared/errors.ts";

/** What model2vec drops unless told otherwise: the places that BERT keeps for tokens to come. */
export const defaultRemovePattern = String.raw`\[unused\d+\]`;

/**
 * Compiles a pattern to match as Python's `re.match` does: from the token's start on, not to its end.
 * The syntax is JavaScript's, with the `u` flag.
 *
 * @throws NearvecError invalid_request
 */
export function compileRemovePattern(source: string): RegExp {
  try {
    new RegExp(source, "u");
  } catch (cause) {
    throw new NearvecError(
      "invalid_request",
      `Expected a regular expression as the token remove pattern, got ${JSON.stringify(source)}: ${(cause as Error).message}.`,
      { param: "token-remove-pattern", cause },
    );
  }
  return new RegExp(`^(?:${source})`, "u");
}
