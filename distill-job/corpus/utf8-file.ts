/** Reads text, which must be UTF-8: whole files, or pieces of what may be larger than memory. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../shared/errors.ts";

/** Bytes that are read at a time. */
const pieceBytes = 1024 * 1024;

/** UTF-16 units of a line at most: a file with longer ones is none of lines, and would end in memory whole. */
const maxLineCharacters = 64 * 1024 * 1024;

/** Lines of a piece of a file. */
export interface Lines {
  readonly lines: readonly string[];
  /** Lines before these. */
  readonly first: number;
  /** Bytes of the file that have been read so far. */
  readonly bytes: number;
}

/** A piece of a file, cut anywhere between two characters. */
export interface TextPiece {
  readonly text: string;
  /** Bytes of the file that have been read so far. */
  readonly bytes: number;
}

/** Reads a file piece by piece, so that it may be larger than memory. @throws NearvecError invalid_request */
export function readLines(path: string): AsyncGenerator<Lines> {
  return linesOf(readPieces(path), path);
}

/** Reads a file piece by piece. @throws NearvecError invalid_request */
export function readPieces(path: string): AsyncGenerator<TextPiece> {
  return decodePieces(createReadStream(path, { highWaterMark: pieceBytes }), path);
}

/** @param name what errors call it @throws NearvecError invalid_request if it is not UTF-8, or cannot be read */
export async function* decodePieces(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  try {
    for await (const piece of stream) {
      bytes += piece.length;
      yield { text: decoder.decode(piece, { stream: true }), bytes };
    }
    yield { text: decoder.decode(), bytes };
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/** Lines without their ends. What ends with a line's end has no empty line after it. */
export async function* linesOf(pieces: AsyncIterable<TextPiece>, name: string): AsyncGenerator<Lines> {
  let rest = "";
  let first = 0;
  let read = 0;
  for await (const { text, bytes } of pieces) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    if (rest.length > maxLineCharacters) throw lineTooLong(name, first + lines.length + 1);
    read = bytes;
    if (lines.length === 0) continue;
    yield { lines, first, bytes };
    first += lines.length;
  }
  if (rest !== "") yield { lines: [rest], first, bytes: read };
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

function unreadable(name: string, cause: unknown): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected text in UTF-8 in ${name}, got: ${(cause as Error).message}. Convert it first.`,
    { param: "corpus", cause },
  );
}

function lineTooLong(name: string, line: number): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected lines of at most ${maxLineCharacters} characters, line ${line} of ${name} is longer. Is it a text file?`,
    { param: "corpus" },
  );
}
