/** A stream of bytes as lines, one at a time in memory. */
import { NearvecError } from "../../../shared/errors.ts";
import { maxImportLineBytes } from "../../../shared/limits.ts";
import { concatenate } from "../../request-body.ts";

export interface Line {
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
  readonly bytes: number;
}

const newline = 0x0a;

/**
 * Yields the lines that are not blank.
 *
 * @throws NearvecError `payload_too_large`, `invalid_json` if a line is not UTF-8
 */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  const finish = (): Line | null => {
    number++;
    const line = { number, text: decode(pieces, bytes, number), bytes };
    pieces = [];
    bytes = 0;
    return line.text.trim() === "" ? null : line;
  };
  const add = (piece: Uint8Array): void => {
    bytes += piece.length;
    if (bytes > maxImportLineBytes) {
      throw new NearvecError(
        "payload_too_large",
        `Expected lines of at most ${maxImportLineBytes} bytes, got a longer one as line ${number + 1}. The lines before it may have been written.`,
        { param: `line ${number + 1}` },
      );
    }
    if (piece.length > 0) pieces.push(piece);
  };
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line !== null) yield line;
    }
    // A copy, for the stream may use its buffer again.
    add(chunk.slice(start));
  }
  if (bytes > 0) {
    const line = finish();
    if (line !== null) yield line;
  }
}

function decode(pieces: readonly Uint8Array[], bytes: number, number: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(concatenate(pieces, bytes));
  } catch (cause) {
    throw new NearvecError("invalid_json", `Expected line ${number} to be UTF-8.`, {
      param: `line ${number}`,
      cause,
    });
  }
}
