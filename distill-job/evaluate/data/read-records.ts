/** Records of a .csv file with a header, or of a .jsonl file: field names to values. */
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../../shared/errors.ts";
import { parseCsv } from "./csv.ts";

export type DataRecord = Readonly<Record<string, unknown>>;

/** @throws NearvecError not_found, invalid_request for a line that is no JSON */
export async function readRecords(path: string): Promise<DataRecord[]> {
  const text = await readText(path);
  if (path.endsWith(".csv")) {
    const [names = [], ...rows] = parseCsv(text);
    return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ""])));
  }
  return text
    .split("\n")
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => parseLine(line, `${path}:${number}`));
}

export async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: Error) => {
    throw new NearvecError("not_found", `Expected to read ${path}, got: ${cause.message}.`, {
      param: "data",
      cause,
    });
  });
}

/** A field that must hold text. @throws NearvecError invalid_request */
export function textField(record: DataRecord, names: readonly string[], path: string): string {
  const name = names.find((each) => record[each] !== undefined);
  const value = name === undefined ? undefined : record[name];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new NearvecError(
    "invalid_request",
    `Expected a field ${names.join(" or ")} in every record of ${path}, got ${Object.keys(record).join(", ")}.`,
    { param: "data" },
  );
}

function parseLine(line: string, place: string): DataRecord {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record === "object" && record !== null) return record as DataRecord;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new NearvecError("invalid_request", `Expected a JSON object at ${place}, got ${line.slice(0, 60)}.`, {
    param: "data",
  });
}
