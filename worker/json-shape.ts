/** Looks at JSON before it is parsed: a few megabytes of brackets would become more objects than an isolate can hold. */
import { NearvecError } from "../shared/errors.ts";
import { maxJsonContainers, maxJsonDepth, smallBodyBytes } from "../shared/limits.ts";

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Counts arrays and objects, and how deep they nest. What is no JSON at all, the parser says.
 *
 * @param bytes UTF-8, in which no other character has a bracket or a quote in it. Small ones are not looked at.
 * @throws NearvecError `invalid_request`
 */
export function checkJsonShape(bytes: Uint8Array): void {
  if (bytes.length <= smallBodyBytes) return;
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === quote) {
      i = endOfString(bytes, i);
    } else if (byte === openBracket || byte === openBrace) {
      depth++;
      containers++;
      if (depth > maxJsonDepth) throw tooMuch(`to nest at most ${maxJsonDepth} levels deep`);
      if (containers > maxJsonContainers) {
        throw tooMuch(`to have at most ${maxJsonContainers} arrays and objects`);
      }
    } else if (byte === closeBracket || byte === closeBrace) {
      depth--;
    }
  }
}

/** Index of the quote that ends the string that begins at `start`, or past the end. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let end = bytes.indexOf(quote, start + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === backslash) backslashes++;
    // An even number of them escapes itself, not the quote.
    if (backslashes % 2 === 0) return end;
  }
  return bytes.length;
}

function tooMuch(expected: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected the JSON ${expected}, got more. Send less in a request.`,
  );
}
