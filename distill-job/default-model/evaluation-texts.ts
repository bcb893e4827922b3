/** Every text of a folder of evaluation data. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { delimitedRecords } from "../corpus/delimited-records.ts";

/** Letters from which on a field is a text rather than an id, a number or a label. */
const minLetters = 8;

/**
 * Reads all text fields of all .csv, .tsv and .jsonl files, whatever they are called: more than are texts
 * does no harm where texts are to be avoided.
 */
export async function evaluationTexts(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const texts = new Set<string>();
  for (const name of names) {
    if (![".csv", ".tsv", ".jsonl"].includes(extname(name))) continue;
    for (const field of fieldsOf(await readFile(join(folder, name), "utf8"), name)) {
      if (field.replace(/\P{L}/gu, "").length >= minLetters) texts.add(field);
    }
  }
  return [...texts];
}

function fieldsOf(content: string, name: string): string[] {
  if (extname(name) === ".jsonl") {
    const lines = content.split("\n").filter((line) => line.trim() !== "");
    return lines
      .flatMap((line) => Object.values(JSON.parse(line)))
      .filter((value) => typeof value === "string");
  }
  // STSBenchmark's .csv has tabs, and quotes that mean nothing.
  const lines = content.split(/\r?\n/);
  if (lines[0]!.includes("\t")) return lines.flatMap((line) => line.split("\t"));
  return [...delimitedRecords(content, ",")].flat();
}
