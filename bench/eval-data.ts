/** The evaluation data that benchmarks read: not part of the project, looked for beside it. */
import { existsSync, readFileSync } from "node:fs";
import { NearvecError } from "../shared/errors.ts";

/** `NEARVEC_EVAL_DIR`, or the folder beside the checkout. */
const evalFolder =
  process.env.NEARVEC_EVAL_DIR ?? new URL("../../shared/assets/eval", import.meta.url).pathname;

/**
 * Where a file or folder of evaluation data is.
 * @throws NearvecError not_found, saying what is missing and how to get it
 */
export function evalPath(path: string): string {
  const file = `${evalFolder}/${path}`;
  if (!existsSync(file)) {
    throw new NearvecError(
      "not_found",
      `Expected evaluation data at ${file}, it is not there. Get STSBenchmark (stsb/sts-*.csv) and stsb-multi-mt from their projects on GitHub, SciFact (scifact/) from BEIR, and set NEARVEC_EVAL_DIR to the folder that holds them.`,
      { param: path },
    );
  }
  return file;
}

/** Reads a file of evaluation data. @throws NearvecError as `evalPath` */
export function readEvalFile(path: string): string {
  return readFileSync(evalPath(path), "utf8");
}

/** One pair of STSBenchmark: two sentences and how alike people found them, 0 to 5. */
export interface SimilarityPair {
  readonly first: string;
  readonly second: string;
  readonly score: number;
}

/** STSBenchmark: tab-separated genre, file, year, id, score, sentence 1, sentence 2. */
export function readStsBenchmark(split: "train" | "dev" | "test"): SimilarityPair[] {
  return readEvalFile(`stsb/sts-${split}.csv`)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, , , , score, first, second] = line.split("\t");
      return { first: first!, second: second!, score: Number(score) };
    });
}

/** The sentences of stsb-multi-mt, STSBenchmark in translation: csv of sentence 1, sentence 2, score. */
export function readTranslatedSentences(language: "de" | "zh"): string[] {
  return readEvalFile(`stsb-multi-mt/stsb-${language}-test.csv`)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/,[^,]*$/, "").replaceAll('"', ""));
}
