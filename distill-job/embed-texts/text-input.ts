/** What `nearvec embed` is given: texts as arguments, lines of stdin, records of files; in batches, in order. */
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { streamedRecords } from "../corpus/delimited-records.ts";
import { parseJsonLine } from "../corpus/json-line.ts";
import { textFields } from "../corpus/read-texts.ts";
import { decodePieces, linesOf, readPieces, type TextPiece } from "../corpus/utf8-file.ts";
import { idFields } from "../index-documents/record-document.ts";

/** Texts in a batch at most, and UTF-16 units unless one text alone has more. */
const batchTexts = 1024;
const batchCharacters = 512 * 1024;

/** A text, and what its record is known by. */
export interface InputText {
  readonly text: string;
  readonly id?: string | number;
}

export interface InputBatch {
  readonly texts: readonly InputText[];
  /** Bytes of all files that have been read so far. */
  readonly bytes: number;
}

/** What lines of stdin are. */
export const lineFormats = ["text", "jsonl"] as const;
export type LineFormat = (typeof lineFormats)[number];

export interface TextReading {
  /** Fields or columns of the text; those of `textFields` that are there, if not given. */
  readonly fields: readonly string[] | undefined;
  readonly stdin: LineFormat;
}

/** An argument: a text, a file, or `-` for stdin. */
export type InputSource =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string; readonly bytes: number }
  | { readonly kind: "stdin" };

const extensions = [".txt", ".jsonl", ".ndjson", ".csv", ".tsv"];

/**
 * Tells files from texts: a file is what ends as files of texts do.
 *
 * @throws NearvecError not_found for a file that is not there
 */
export async function sourceOf(argument: string): Promise<InputSource> {
  if (argument === "-") return { kind: "stdin" };
  if (!extensions.includes(extname(argument).toLowerCase())) return { kind: "text", text: argument };
  const found = await stat(argument).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) {
    return { kind: "file", path: argument, bytes: found.size };
  }
  // "See notes.txt" is a text, unless there is a file of this name.
  if (/\s/.test(argument)) return { kind: "text", text: argument };
  throw new NearvecError(
    "not_found",
    `Expected a file at ${argument}, there is none. Check the path; to embed this very text, send it by stdin.`,
    { param: "inputs" },
  );
}

/** Reads all sources, one after the other. @throws NearvecError invalid_request naming the line */
export async function* readInputs(
  sources: readonly InputSource[],
  reading: TextReading,
  stdin: AsyncIterable<Uint8Array>,
): AsyncGenerator<InputBatch> {
  let before = 0;
  for (const source of sources) {
    if (source.kind === "text") {
      yield { texts: [{ text: source.text }], bytes: before };
      continue;
    }
    const [pieces, name, extension] =
      source.kind === "stdin"
        ? ([decodePieces(stdin, "stdin"), "stdin", reading.stdin === "text" ? ".txt" : ".jsonl"] as const)
        : ([readPieces(source.path), source.path, extname(source.path).toLowerCase()] as const);
    for await (const { texts, bytes } of readTexts(pieces, name, extension, reading.fields)) {
      for (const batch of batchesOf(texts)) yield { texts: batch, bytes: before + bytes };
    }
    if (source.kind === "file") before += source.bytes;
  }
}

async function* readTexts(
  pieces: AsyncIterable<TextPiece>,
  name: string,
  extension: string,
  fields: readonly string[] | undefined,
): AsyncGenerator<InputBatch> {
  switch (extension) {
    case ".csv":
      return yield* readTable(pieces, name, ",", fields);
    case ".tsv":
      return yield* readTable(pieces, name, "\t", fields);
    case ".txt":
      for await (const { lines, bytes } of linesOf(pieces, name)) {
        yield { texts: lines.map((line) => ({ text: withoutReturn(line) })), bytes };
      }
      return;
    default:
      for await (const { lines, first, bytes } of linesOf(pieces, name)) {
        const texts = lines.flatMap((line, i) =>
          line.trim() === "" ? [] : [textOfJson(line, `${name}:${first + i + 1}`, fields)],
        );
        yield { texts, bytes };
      }
  }
}

async function* readTable(
  pieces: AsyncIterable<TextPiece>,
  name: string,
  separator: "," | "\t",
  fields: readonly string[] | undefined,
): AsyncGenerator<InputBatch> {
  let header: { readonly columns: readonly number[]; readonly id: number } | undefined;
  for await (const { records, bytes } of streamedRecords(pieces, separator)) {
    const rows = header === undefined ? records.slice(1) : records;
    header ??= headerOf(records[0]!, name, fields);
    const { columns, id } = header;
    const texts = rows.map((row) => ({
      text: columns.map((column) => row[column] ?? "").join(" "),
      ...(id < 0 ? {} : { id: row[id] ?? "" }),
    }));
    yield { texts, bytes };
  }
}

function headerOf(names: readonly string[], file: string, fields: readonly string[] | undefined) {
  const columns = (fields ?? textFields).map((name) => names.indexOf(name));
  const there = columns.filter((column) => column >= 0);
  if (there.length === 0 || (fields !== undefined && there.length < fields.length)) {
    throw invalid(
      `Expected a column ${(fields ?? textFields).join(", ")} in ${file}, it has ${names.join(", ")}. Choose with --field.`,
    );
  }
  return { columns: there, id: names.findIndex((name) => idFields.includes(name)) };
}

function textOfJson(line: string, place: string, fields: readonly string[] | undefined): InputText {
  const record = parseJsonLine(line, place, "inputs");
  if (typeof record === "string") return { text: record };
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw invalid(`Expected an object or a string at ${place}, got ${JSON.stringify(record).slice(0, 40)}.`);
  }
  const values = record as Record<string, unknown>;
  const names = (fields ?? textFields).filter((name) => typeof values[name] === "string");
  if (names.length === 0 || (fields !== undefined && names.length < fields.length)) {
    throw invalid(
      `Expected text in the field ${(fields ?? textFields).join(", ")} at ${place}, it has ${Object.keys(values).slice(0, 12).join(", ") || "no fields"}. Choose with --field.`,
    );
  }
  const id = idFields.map((name) => values[name]).find((value) => value !== undefined);
  const text = names.map((name) => values[name]).join(" ");
  return typeof id === "string" || typeof id === "number" ? { text, id } : { text };
}

function* batchesOf(texts: readonly InputText[]): Generator<readonly InputText[]> {
  let start = 0;
  let characters = 0;
  for (const [i, { text }] of texts.entries()) {
    if (i > start && (i - start >= batchTexts || characters + text.length > batchCharacters)) {
      yield texts.slice(start, i);
      start = i;
      characters = 0;
    }
    characters += text.length;
  }
  if (start < texts.length) yield texts.slice(start);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function invalid(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "inputs" });
}
