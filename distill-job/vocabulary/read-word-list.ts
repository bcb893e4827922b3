/** Reads words and phrases of one's own: one a line. */
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../shared/errors.ts";

/** @throws NearvecError not_found, or invalid_request if it is not UTF-8 */
export async function readWordList(path: string): Promise<string[]> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new NearvecError(
      "not_found",
      `Expected a list of words at ${path}, it cannot be read: ${cause.code}.`,
      { param: "vocabulary", cause },
    );
  });
  // Empty lines are no entries; one of spaces is, and is counted as empty.
  return decode(bytes, path)
    .split(/\r?\n/)
    .filter((line) => line !== "");
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new NearvecError(
      "invalid_request",
      `Expected a list of words in UTF-8 at ${path}, got: ${(cause as Error).message}. Convert it first.`,
      { param: "vocabulary", cause },
    );
  }
}
