/** Pairs of sentences with the similarity that people gave them. */
import { NearvecError } from "../../../shared/errors.ts";
import { parseCsv } from "./csv.ts";
import { readRecords, readText, textField } from "./read-records.ts";

export interface SimilarityPair {
  readonly first: string;
  readonly second: string;
  readonly score: number;
}

/**
 * Reads pairs: .jsonl with sentence1, sentence2 and score (MTEB's), STSBenchmark's own tab-separated files
 * (genre, file, year, id, score, sentence 1, sentence 2), or .csv of sentence 1, sentence 2, score.
 *
 * @throws NearvecError not_found, invalid_request
 */
export async function readSimilarityPairs(path: string): Promise<SimilarityPair[]> {
  const pairs = path.endsWith(".jsonl") ? await readJsonPairs(path) : readTextPairs(await readText(path));
  const broken = pairs.find(({ score }) => !Number.isFinite(score));
  if (pairs.length === 0 || broken !== undefined) {
    throw new NearvecError(
      "invalid_request",
      `Expected pairs of sentences with a score each in ${path}, got ${broken ? JSON.stringify(broken) : "none"}.`,
      { param: "data" },
    );
  }
  return pairs;
}

async function readJsonPairs(path: string): Promise<SimilarityPair[]> {
  const records = await readRecords(path);
  return records.map((record) => ({
    first: textField(record, ["sentence1"], path),
    second: textField(record, ["sentence2"], path),
    score: Number(textField(record, ["score"], path)),
  }));
}

function readTextPairs(text: string): SimilarityPair[] {
  const isTabbed = text.slice(0, text.indexOf("\n")).includes("\t");
  if (!isTabbed) {
    return parseCsv(text).map(([first = "", second = "", score = ""]) => pair(first, second, score));
  }
  // Quotes stand for themselves there.
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [, , , , score = "", first = "", second = ""] = line.trimEnd().split("\t");
    return pair(first, second, score);
  });
}

function pair(first: string, second: string, score: string): SimilarityPair {
  return { first, second, score: score.trim() === "" ? Number.NaN : Number(score) };
}
