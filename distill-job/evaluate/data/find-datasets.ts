/** What there is to evaluate on in a folder: data sets are recognized by their files. */
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { NearvecError } from "../../../shared/errors.ts";

export const tasks = ["sts", "retrieval", "classification", "clustering"] as const;
export type Task = (typeof tasks)[number];

export interface Dataset {
  readonly task: Task;
  /** Column of the leaderboard. */
  readonly name: string;
  /** A file for sts, else the folder. */
  readonly path: string;
  /** The name that MTEB has for it, where it has one. */
  readonly mtebName: string;
  /** Subset within that name. */
  readonly mtebSubset: string;
}

/** MTEB's names for the sets that are often at hand. */
const mtebNames: Readonly<Record<string, string>> = {
  "sts stsb": "STSBenchmark",
  "sts stsb-multi-mt": "STSBenchmarkMultilingualSTS",
  "retrieval scifact": "SciFact",
  "retrieval nfcorpus": "NFCorpus",
  "classification banking77": "Banking77Classification",
};

/**
 * Finds data sets in a folder and in the folders in it: BEIR's (corpus.jsonl, queries.jsonl, qrels), labelled
 * texts (train and test, .csv or .jsonl), pairs (sts-test.csv, stsb-de-test.csv, sts-test.jsonl).
 *
 * @param split which part to evaluate on
 * @throws NearvecError not_found if there is no such folder, or nothing in it for the tasks
 */
export async function findDatasets(
  folder: string,
  wanted: readonly Task[],
  split: string,
): Promise<Dataset[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    throw notFound(`Expected a folder with evaluation data at ${folder}, got: ${cause.message}.`);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const found = await Promise.all([folder, ...folders.sort()].map((each) => datasetsIn(each, split)));
  const datasets = found.flat().filter(({ task }) => wanted.includes(task));
  const missing = wanted.filter((task) => datasets.every((dataset) => dataset.task !== task));
  if (missing.length === 0) return datasets;
  throw notFound(
    `Expected data for ${missing.join(", ")} (${split}) in ${folder}, there is none. See \`nearvec evaluate --help\` for the files that it takes.`,
  );
}

async function datasetsIn(folder: string, split: string): Promise<Dataset[]> {
  const files = new Set(await readdir(folder));
  const name = basename(resolve(folder));
  const datasets: Dataset[] = [];
  if (files.has("corpus.jsonl") && files.has("queries.jsonl")) {
    const judged = await readdir(join(folder, "qrels")).catch((): string[] => []);
    if (judged.includes(`${split}.tsv`)) datasets.push(dataset("retrieval", name, folder));
  }
  const labelled = ["csv", "jsonl"].find(
    (type) => files.has(`train.${type}`) && files.has(`${split}.${type}`),
  );
  if (labelled !== undefined) {
    datasets.push(dataset("classification", name, folder), dataset("clustering", name, folder));
  }
  for (const file of [...files].sort()) {
    const match = /^stsb?(?:-(\w\w))?-(\w+)\.(?:csv|tsv|jsonl)$/.exec(file);
    if (match?.[2] === split) datasets.push(dataset("sts", name, join(folder, file), match[1]));
  }
  return datasets;
}

function dataset(task: Task, name: string, path: string, subset?: string): Dataset {
  const fallback = task === "clustering" ? `${name}Clustering` : name;
  return {
    task,
    name: subset === undefined ? name : `${name}-${subset}`,
    path,
    mtebName: mtebNames[`${task} ${name}`] ?? fallback,
    mtebSubset: subset ?? "default",
  };
}

function notFound(message: string): NearvecError {
  return new NearvecError("not_found", message, { param: "data" });
}
