/** Looks at JSON before it is parsed: a few megabytes of brackets would become more objects than an isolate can hold. */
import { NearvecError } from "../shared/errors.ts";
import { maxJsonContainers, maxJsonDepth, smallJsonCharacters } from "../shared/limits.ts";

/**
 * Counts arrays and objects, and how deep they nest. What is no JSON at all, the parser says.
 *
 * @param text JSON. A short one is not looked at.
 * @throws NearvecError `invalid_request`
 */
export function checkJsonShape(text: string): void {
  if (text.length <= smallJsonCharacters) return;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '"':
        i = endOfString(text, i);
        break;
      case "[":
      case "{":
        depth++;
        containers++;
        if (depth > maxJsonDepth) throw tooMuch(`to nest at most ${maxJsonDepth} levels deep`);
        if (containers > maxJsonContainers) {
          throw tooMuch(`to have at most ${maxJsonContainers} arrays and objects`);
        }
        break;
      case "]":
      case "}":
        depth--;
    }
  }
}

/** Index of the quote that ends the string that begins at `start`, or past the end. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    // An even number of them escapes itself, not the quote.
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

function tooMuch(expected: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected the JSON ${expected}, got more. Send less in a request.`,
  );
}
