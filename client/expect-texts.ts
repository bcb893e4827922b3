/** What clients accept as texts. */
import { describeValue } from "../shared/api/describe-value.ts";
import { NearvecError } from "../shared/errors.ts";

/**
 * Refuses what is no text before any of it is sent, as a worker would. An empty text is one of those: over HTTP
 * and in process alike, it is more often a mistake than a question.
 *
 * @throws NearvecError invalid_request, e.g. about `input[3]`
 */
export function expectTexts(texts: readonly unknown[]): void {
  if (!Array.isArray(texts)) throw invalidInput("input", "a text or an array of texts", texts);
  // A loop, not forEach: that would pass over holes.
  for (let index = 0; index < texts.length; index++) {
    const text: unknown = texts[index];
    if (typeof text === "string" && text !== "") continue;
    throw invalidInput(`input[${index}]`, "a text of at least one character", text);
  }
}

function invalidInput(param: string, expected: string, got: unknown): NearvecError {
  const message = `Expected ${param} to be ${expected}, got ${describeValue(got)}.`;
  return new NearvecError("invalid_request", message, { param });
}
