/** Reads documents out of files: a record each of .jsonl, .ndjson, .csv and .tsv, or a whole .txt or .md. */
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, relative } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";
import { delimitedRecords } from "../corpus/delimited-records.ts";
import { parseJsonLine } from "../corpus/json-line.ts";
import { readLines, readWhole } from "../corpus/utf8-file.ts";
import { type RecordReading, recordDocument, recordOfRow } from "./record-document.ts";

const extensions = [".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".md"];

/** Some documents, in the order of the files. */
export interface DocumentBatch {
  readonly documents: readonly SourceDocument[];
  /** Bytes of all files that have been read so far, and bytes that there are. */
  readonly bytes: number;
  readonly totalBytes: number;
}

interface SourceFile {
  readonly path: string;
  /** What a whole file's document is called: its path below what the user named. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * Reads the documents of files and of folders of such files, in the order of their paths.
 *
 * @throws NearvecError not_found, invalid_request naming the file and the line
 */
export async function* readDocuments(
  paths: readonly string[],
  reading: RecordReading,
): AsyncGenerator<DocumentBatch> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const file of files) {
    for await (const { documents, bytes } of readFileDocuments(file, reading)) {
      yield { documents, bytes: before + bytes, totalBytes };
    }
    before += file.bytes;
  }
}

async function filesAt(path: string): Promise<SourceFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new NearvecError("not_found", `Expected documents at ${path}, there is nothing. Check the path.`, {
      param: "documents",
    });
  }
  if (!found.isDirectory()) return [{ path, name: basename(path), bytes: found.size }];
  const names = (await readdir(path, { recursive: true })).filter((name) =>
    extensions.includes(extname(name).toLowerCase()),
  );
  if (names.length === 0) {
    throw invalid(`Expected files ${extensions.join(", ")} in ${path}, there are none. Check the folder.`);
  }
  return Promise.all(
    names.sort().map(async (name) => {
      const file = join(path, name);
      return { path: file, name: relative(path, file), bytes: (await stat(file)).size };
    }),
  );
}

interface FileDocuments {
  readonly documents: readonly SourceDocument[];
  /** Bytes of the file so far. */
  readonly bytes: number;
}

async function* readFileDocuments(file: SourceFile, reading: RecordReading): AsyncGenerator<FileDocuments> {
  switch (extname(file.path).toLowerCase()) {
    case ".jsonl":
    case ".ndjson":
      for await (const { lines, first, bytes } of readLines(file.path)) {
        yield { documents: documentsOfLines(lines, first, file.path, reading), bytes };
      }
      return;
    case ".csv":
      yield await readTable(file.path, ",", reading);
      return;
    case ".tsv":
      yield await readTable(file.path, "\t", reading);
      return;
    case ".txt":
    case ".md": {
      const { content, bytes } = await readWhole(file.path);
      const documents = content.trim() === "" ? [] : [{ id: file.name, text: content, metadata: {} }];
      yield { documents, bytes };
      return;
    }
    default:
      throw invalid(
        `Expected a file ${extensions.join(", ")} or a folder of them, got ${file.path}. Rename or convert it.`,
      );
  }
}

function documentsOfLines(
  lines: readonly string[],
  first: number,
  path: string,
  reading: RecordReading,
): SourceDocument[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const place = `${path}:${first + i + 1}`;
    const record = parseJsonLine(line, place, "documents");
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw invalid(`Expected an object at ${place}, got ${JSON.stringify(record)?.slice(0, 40)}.`);
    }
    return [recordDocument(record as Record<string, unknown>, reading, place)];
  });
}

async function readTable(
  path: string,
  separator: "," | "\t",
  reading: RecordReading,
): Promise<FileDocuments> {
  const { content, bytes } = await readWhole(path);
  const [names = [], ...rows] = delimitedRecords(content, separator);
  const documents = rows.map((row, i) => {
    // Records are counted, for a quoted field may hold lines of its own.
    const place = `record ${i + 1} of ${path}`;
    return recordDocument(recordOfRow(names, row, reading.fields, place), reading, place);
  });
  return { documents, bytes };
}

function invalid(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "documents" });
}
