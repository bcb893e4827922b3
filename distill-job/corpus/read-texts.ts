/** Reads the texts of a corpus: a file, or a folder of files. */
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { delimitedRecords } from "./delimited-records.ts";

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

/**
 * Reads texts: one per line of a .txt, one per object of a .jsonl, one per record of a .csv or .tsv with a
 * line of column names; a folder stands for all such files in it and below, in the order of their paths.
 *
 * @param fields fields or columns to read; those of `textFields` that are there if not given
 * @returns texts in the order of the file, empty ones left out
 * @throws NearvecError not_found, invalid_request
 */
export async function readTexts(path: string, fields?: readonly string[]): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new NearvecError("not_found", `Expected a corpus at ${path}, there is none. Check the path.`, {
      param: "corpus",
    });
  }
  if (!found.isDirectory()) return readFileTexts(path, fields);
  const names = (await readdir(path, { recursive: true })).filter((name) =>
    extensions.includes(extname(name)),
  );
  if (names.length === 0)
    throw invalid(`Expected files ${extensions.join(", ")} in ${path}, there are none.`);
  const parts: string[][] = [];
  for (const name of names.sort()) parts.push(await readFileTexts(join(path, name), fields));
  return parts.flat();
}

async function readFileTexts(path: string, fields: readonly string[] | undefined): Promise<string[]> {
  const extension = extname(path);
  const content = (await readContent(path)).replace(/^\uFEFF/, "");
  const texts = textsOf(content, extension, path, fields);
  return texts.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
}

async function readContent(path: string): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new NearvecError(
      "invalid_request",
      `Expected text in UTF-8 in ${path}, got: ${(cause as Error).message}. Convert it first.`,
      { param: "corpus", cause },
    );
  }
}

function textsOf(content: string, extension: string, path: string, fields?: readonly string[]): string[] {
  switch (extension) {
    case ".txt":
      return content.split("\n");
    case ".jsonl":
    case ".ndjson":
      return textsOfJsonLines(content, path, fields);
    case ".csv":
      return textsOfRecords([...delimitedRecords(content, ",")], path, fields);
    case ".tsv":
      return textsOfRecords([...delimitedRecords(content, "\t")], path, fields);
    default:
      throw invalid(
        `Expected a file ${extensions.join(", ")} or a folder of them, got ${path}. Rename or convert it.`,
      );
  }
}

function textsOfJsonLines(content: string, path: string, fields?: readonly string[]): string[] {
  return content.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    const value = parseLine(line, `${path}:${i + 1}`);
    if (typeof value === "string") return [value];
    const texts = (fields ?? textFields)
      .map((name) => value[name])
      .filter((text) => typeof text === "string");
    if (texts.length > 0) return [texts.join(" ")];
    throw invalid(
      `Expected a field ${(fields ?? textFields).join(", ")} in line ${i + 1} of ${path}, it has ${Object.keys(value).join(", ")}. Choose with --field.`,
    );
  });
}

function parseLine(line: string, place: string): string | Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalid(
      `Expected JSON at ${place}, got: ${(cause as Error).message}. Is it one object per line?`,
      cause,
    );
  }
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

function invalid(message: string, cause?: unknown): NearvecError {
  return new NearvecError("invalid_request", message, { param: "corpus", cause });
}
