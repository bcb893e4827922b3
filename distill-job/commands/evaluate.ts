/** `nearvec evaluate`: how good models are, side by side. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { usageMistake } from "../command-line/exit-codes.ts";
import { findDatasets, type Task, tasks } from "../evaluate/data/find-datasets.ts";
import type { Encoder, TeacherSettings } from "../evaluate/encoder.ts";
import type { TaskResult } from "../evaluate/task-result.ts";
import { type Pooling, poolings } from "../teacher/pooling.ts";
import { type Runtime, runtimes } from "../teacher/runtime.ts";

interface EvaluateOptions {
  readonly models?: readonly string[];
  readonly data: string;
  readonly tasks: readonly Task[];
  readonly split: string;
  readonly teacher?: string;
  readonly teacherName?: string;
  readonly pooling?: Pooling;
  readonly runtime: Runtime;
  readonly teacherTokens: number;
  readonly markdown?: string;
  readonly mteb?: string;
  readonly json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Evaluate model files on data sets in a folder.")
    .option("--models <files>", "model files, separated by commas", splitList)
    .requiredOption("--data <folder>", "folder of data sets, each a folder in it")
    .addOption(
      new Option("--tasks <tasks>", `which of ${tasks.join(", ")}, separated by commas`)
        .argParser(parseTasks)
        .default(["sts"], "sts"),
    )
    .option("--split <split>", "which part to evaluate on", "test")
    .option("--teacher <directory>", "evaluate a transformer as well, by its directory or hf:org/name")
    .option("--teacher-name <name>", "what to call the teacher (default: its directory)")
    .addOption(
      new Option(
        "--pooling <pooling>",
        "how the teacher pools (default: as its 1_Pooling/config.json says, or mean)",
      ).choices(poolings),
    )
    .addOption(new Option("--runtime <runtime>", "what runs the teacher").choices(runtimes).default("wasm"))
    .option("--teacher-tokens <n>", "tokens of a text that the teacher reads", parseCount, 128)
    .option("--markdown <file>", "write the leaderboard as Markdown")
    .option("--mteb <folder>", "write results as the MTEB results repository has them")
    .option("--json", "print the results as one line of JSON")
    .addHelpText(
      "after",
      `
Data sets are recognized by their files:
  sts             sts-<split>.csv of STSBenchmark, stsb-<language>-<split>.csv (sentence 1, sentence 2, score),
                  or sts-<split>.jsonl with sentence1, sentence2, score
  retrieval       corpus.jsonl, queries.jsonl and qrels/<split>.tsv, as BEIR has them
  classification  train and <split>, .csv or .jsonl, with text and label
  clustering      the same, train unused

Examples:
  nearvec evaluate --models mine.safetensors,theirs.safetensors --data eval --tasks sts,retrieval
  nearvec evaluate --models mine.safetensors --data eval --teacher teachers/all-MiniLM-L6-v2 --markdown results.md`,
    )
    .action(run);
}

async function run(options: EvaluateOptions): Promise<void> {
  const { checkOutputPath, replaceFile } = await import("../output/replace-file.ts");
  const { evaluate } = await import("../evaluate/evaluate.ts");
  const { mtebResults } = await import("../evaluate/output/mteb-results.ts");
  const { formatMarkdown, formatText, leaderboard } = await import("../evaluate/output/leaderboard.ts");
  if (options.markdown !== undefined) await checkOutputPath(options.markdown);
  const openers = encoderOpeners(options);
  const datasets = await findDatasets(options.data, options.tasks, options.split);
  const results: TaskResult[] = [];
  const files: Record<string, Uint8Array | string> = {};
  for (const open of openers) {
    const encoder = withOwnName(await open(), results);
    const onDataset = ({ name }: { name: string }) => process.stderr.write(`${encoder.name} on ${name}\n`);
    const found = await evaluate(encoder, datasets, options.split, onDataset).finally(() => encoder.close());
    // BM25 alone is the same beside every model: one row is enough.
    results.push(...found.filter((result) => !results.some((other) => isSame(other, result))));
    Object.assign(files, mtebResults(encoder, found));
  }
  const board = leaderboard(results);
  if (options.markdown !== undefined) await replaceFile(options.markdown, formatMarkdown(board));
  if (options.mteb !== undefined) await writeInto(options.mteb, files);
  process.stdout.write(`${options.json ? JSON.stringify(results.map(summarize)) : formatText(board)}\n`);
}

function encoderOpeners(options: EvaluateOptions): (() => Promise<Encoder>)[] {
  const { models = [], teacher, teacherName, pooling, runtime, teacherTokens } = options;
  const openers = models.map((path) => async () => (await import("../evaluate/encoder.ts")).openModel(path));
  if (teacher !== undefined) {
    openers.push(() => {
      const settings = { name: teacherName, directory: teacher, pooling, runtime, maxTokens: teacherTokens };
      return teacherEncoder(settings);
    });
  }
  if (openers.length > 0) return openers;
  throw usageMistake("Expected --models or --teacher, got neither.", "models");
}

async function teacherEncoder(settings: TeacherSettings): Promise<Encoder> {
  const { progressBar } = await import("../output/progress-bar.ts");
  const { downloadProgress } = await import("../output/download-progress.ts");
  const { openTeacherEncoder } = await import("../evaluate/encoder.ts");
  const texts = progressBar(process.stderr, "teacher", (done, total) => `${done} of ${total} texts`);
  const encoder = await openTeacherEncoder(settings, texts.update, downloadProgress(process.stderr));
  const close = (): Promise<void> => {
    texts.stop();
    return encoder.close();
  };
  return { ...encoder, close };
}

/** Models that share a name are told apart by their digests. */
function withOwnName(encoder: Encoder, results: readonly TaskResult[]): Encoder {
  const { name, revision } = encoder;
  return results.some(({ system }) => system === name)
    ? { ...encoder, name: `${name} ${revision}` }
    : encoder;
}

function isSame(left: TaskResult, right: TaskResult): boolean {
  return left.system === right.system && left.dataset.path === right.dataset.path;
}

function summarize({ system, dataset, split, scores, seconds }: TaskResult) {
  return { model: system, task: dataset.task, dataset: dataset.name, split, scores, seconds };
}

/** Results of other models may be there already. */
async function writeInto(folder: string, files: Record<string, Uint8Array | string>): Promise<void> {
  const { replaceFile } = await import("../output/replace-file.ts");
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, content);
  }
}

function splitList(text: string): string[] {
  return text.split(",").filter((part) => part !== "");
}

function parseTasks(text: string): Task[] {
  return splitList(text).map((name) => {
    const task = tasks.find((each) => each === name);
    if (task === undefined) throw new InvalidArgumentError(`Expected some of ${tasks.join(", ")}.`);
    return task;
  });
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 3) return count;
  throw new InvalidArgumentError("Expected a whole number from 3 on.");
}
