/** Reads files of text, which must be UTF-8: whole, or line by line. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../shared/errors.ts";

/** Bytes that are read at a time. */
const pieceBytes = 1024 * 1024;

/** Lines of a piece of a file. */
export interface Lines {
  readonly lines: readonly string[];
  /** Lines before these. */
  readonly first: number;
  /** Bytes of the file that have been read so far. */
  readonly bytes: number;
}

/** Reads a file piece by piece, so that it may be larger than memory. @throws NearvecError invalid_request */
export async function* readLines(path: string): AsyncGenerator<Lines> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let first = 0;
  let bytes = 0;
  const take = (more: string): Lines => {
    const lines = (rest + more).split("\n");
    rest = lines.pop()!;
    first += lines.length;
    return { lines, first: first - lines.length, bytes };
  };
  try {
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      bytes += piece.length;
      yield take(decoder.decode(piece, { stream: true }));
    }
    yield take(`${decoder.decode()}\n`);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** @throws NearvecError invalid_request */
export async function readWhole(path: string): Promise<{ content: string; bytes: number }> {
  try {
    const bytes = await readFile(path);
    return { content: new TextDecoder("utf-8", { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected text in UTF-8 in ${path}, got: ${(cause as Error).message}. Convert it first.`,
    { param: "corpus", cause },
  );
}
