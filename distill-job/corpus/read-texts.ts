/** Reads the texts of a corpus: a file, or a folder of files. */
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { delimitedRecords } from "./delimited-records.ts";
import { parseJsonLine } from "./json-line.ts";
import { readLines, readWhole } from "./utf8-file.ts";

/** Fields that a text is looked for in; those that are there are joined, in this order. */
export const textFields = [
  "title",
  "text",
  "sentence",
  "sentence1",
  "sentence2",
  "content",
  "body",
  "question",
];

const extensions = [".txt", ".jsonl", ".ndjson", ".csv", ".tsv"];

/** Some texts of a corpus. */
export interface TextBatch {
  readonly texts: readonly string[];
  /** Bytes of the corpus that have been read so far, and bytes that there are. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * Reads texts: one per line of a .txt, one per object of a .jsonl, one per record of a .csv or .tsv with a
 * line of column names; a folder stands for all such files in it and below, in the order of their paths.
 *
 * @param fields fields or columns to read; those of `textFields` that are there if not given
 * @returns texts in the order of the file, empty ones left out
 * @throws NearvecError not_found, invalid_request
 */
export async function readTexts(path: string, fields?: readonly string[]): Promise<string[]> {
  const batches: (readonly string[])[] = [];
  for await (const { texts } of readTextBatches([path], fields)) batches.push(texts);
  return batches.flat();
}

/**
 * Reads texts as `readTexts` does, of several files and folders, and no more of them at a time than a piece of
 * a .txt or .jsonl, or a whole .csv or .tsv.
 *
 * @throws NearvecError not_found, invalid_request
 */
export async function* readTextBatches(
  paths: readonly string[],
  fields?: readonly string[],
): AsyncGenerator<TextBatch> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const file of files) {
    for await (const { texts, bytes } of readFileTexts(file.path, fields)) {
      const kept = texts.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
      yield { texts: kept, bytes: before + bytes, totalBytes };
    }
    before += file.bytes;
  }
}

async function filesAt(path: string): Promise<{ path: string; bytes: number }[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new NearvecError("not_found", `Expected a corpus at ${path}, there is none. Check the path.`, {
      param: "corpus",
    });
  }
  if (!found.isDirectory()) return [{ path, bytes: found.size }];
  const names = (await readdir(path, { recursive: true })).filter((name) =>
    extensions.includes(extname(name)),
  );
  if (names.length === 0)
    throw invalid(`Expected files ${extensions.join(", ")} in ${path}, there are none.`);
  const paths = names.sort().map((name) => join(path, name));
  return Promise.all(paths.map(async (file) => ({ path: file, bytes: (await stat(file)).size })));
}

interface FileTexts {
  readonly texts: readonly string[];
  /** Bytes of the file so far. */
  readonly bytes: number;
}

async function* readFileTexts(path: string, fields?: readonly string[]): AsyncGenerator<FileTexts> {
  switch (extname(path)) {
    case ".txt":
      for await (const { lines, bytes } of readLines(path)) yield { texts: lines, bytes };
      return;
    case ".jsonl":
    case ".ndjson":
      for await (const { lines, first, bytes } of readLines(path)) {
        yield { texts: textsOfJsonLines(lines, first, path, fields), bytes };
      }
      return;
    case ".csv":
      yield await readRecords(path, ",", fields);
      return;
    case ".tsv":
      yield await readRecords(path, "\t", fields);
      return;
    default:
      throw invalid(
        `Expected a file ${extensions.join(", ")} or a folder of them, got ${path}. Rename or convert it.`,
      );
  }
}

async function readRecords(
  path: string,
  separator: "," | "\t",
  fields?: readonly string[],
): Promise<FileTexts> {
  const { content, bytes } = await readWhole(path);
  return { texts: textsOfRecords([...delimitedRecords(content, separator)], path, fields), bytes };
}

function textsOfJsonLines(
  lines: readonly string[],
  first: number,
  path: string,
  fields?: readonly string[],
): string[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const value = parseLine(line, `${path}:${first + i + 1}`);
    if (typeof value === "string") return [value];
    const texts = (fields ?? textFields)
      .map((name) => value[name])
      .filter((text) => typeof text === "string");
    if (texts.length > 0) return [texts.join(" ")];
    throw invalid(
      `Expected a field ${(fields ?? textFields).join(", ")} in line ${first + i + 1} of ${path}, it has ${Object.keys(value).join(", ")}. Choose with --field.`,
    );
  });
}

function parseLine(line: string, place: string): string | Record<string, unknown> {
  const value = parseJsonLine(line, place, "corpus");
  if (typeof value === "string" || (typeof value === "object" && value !== null)) return value as string;
  throw invalid(`Expected an object or a string at ${place}, got ${JSON.stringify(value)}.`);
}

function textsOfRecords(records: readonly string[][], path: string, fields?: readonly string[]): string[] {
  const [names = [], ...rows] = records;
  const columns = (fields ?? textFields).map((name) => names.indexOf(name)).filter((column) => column !== -1);
  if (columns.length === 0 || (fields !== undefined && columns.length < fields.length)) {
    throw invalid(
      `Expected a column ${(fields ?? textFields).join(", ")} in ${path}, it has ${names.join(", ")}. Choose with --field.`,
    );
  }
  return rows.map((row) => columns.map((column) => row[column] ?? "").join(" "));
}

function invalid(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "corpus" });
}
