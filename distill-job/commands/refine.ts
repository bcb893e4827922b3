/** `nearvec refine`: moves a table to where teachers put the texts of a corpus. */
import { readFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { NearvecError } from "../../shared/errors.ts";
import type { CorpusChoice } from "../corpus/load-corpus.ts";
import { defaultRefineSettings, type RefineSettings } from "../refine/refine-options.ts";
import type { TeacherChoice } from "../refine/teacher-pass/text-teacher.ts";
import { type Pooling, poolings } from "../teacher/pooling.ts";
import { type Runtime, runtimes } from "../teacher/runtime.ts";

interface CommandOptions
  extends Pick<
    RefineSettings,
    | "cache"
    | "epochs"
    | "iterations"
    | "learningRate"
    | "name"
    | "temperature"
    | "pooling"
    | "ridge"
    | "seed"
    | "threads"
  > {
  readonly model: string;
  readonly teacher: readonly TeacherChoice[];
  readonly corpus: readonly CorpusChoice[];
  readonly output: string;
  readonly field?: readonly string[];
  readonly exclude?: readonly string[];
  readonly maxTexts?: number;
  readonly sentences?: boolean;
  readonly dims?: number;
  readonly sif: number;
  readonly whiten: number;
  readonly groupSize: number;
  readonly runtime?: Runtime;
  readonly json?: boolean;
}

export function refineCommand(): Command {
  const defaults = defaultRefineSettings;
  return new Command("refine")
    .description("Move a table to where its teachers put the texts of a corpus: no labels needed.")
    .requiredOption(
      "--model <file>",
      "model file to begin with, for its tokenizer: the new table has a row for each token",
    )
    .requiredOption(
      "--teacher <directory[:weight][:pooling]>",
      `directory or hf:org/name[@revision]; may be given again (${poolings.join(", ")}; default: as it says itself)`,
      parseTeacher,
    )
    .requiredOption(
      "--corpus <path[:weight]>",
      "texts: .txt, .jsonl, .csv, .tsv or a folder; may be given again",
      parseCorpus,
    )
    .requiredOption("-o, --output <file>", "model file to write")
    .option("--field <name...>", "fields or columns to read (default: title, text, sentence and the like)")
    .option("--sentences", "train on the sentences of longer texts, too")
    .option("--exclude <path...>", "leave out texts that stand in these files, or almost")
    .option("--max-texts <n>", "train on so many texts at most", parseNumber)
    .option("--dims <n>", "dimensions (default: the model's)", parseNumber)
    .addOption(
      new Option("--pooling <pooling>", "what a text is pooled of: distinct tokens per 32, or all")
        .choices(["distinct", "mean"])
        .default(defaults.pooling),
    )
    .option(
      "--sif <a>",
      "coefficient of the first table's weights by corpus frequency",
      parseNumber,
      defaults.sifCoefficient,
    )
    .option("--iterations <n>", "iterations of least squares", parseNumber, defaults.iterations)
    .option(
      "--ridge <lambda>",
      "how much least squares hold rows to where they began",
      parseNumber,
      defaults.ridge,
    )
    .option("--epochs <n>", "epochs of the contrastive stage", parseNumber, defaults.epochs)
    .option(
      "--learning-rate <rate>",
      "share of the table's root mean square",
      parseNumber,
      defaults.learningRate,
    )
    .option(
      "--temperature <t>",
      "what cosines are divided by in the contrastive stage",
      parseNumber,
      defaults.temperature,
    )
    .option(
      "--group-size <n>",
      "like texts that come into a batch together",
      parseNumber,
      defaults.groupTexts,
    )
    .option(
      "--whiten <power>",
      "divide dimensions by their standard deviation to this power",
      parseNumber,
      defaults.whitening,
    )
    .addOption(
      new Option("--runtime <runtime>", "what runs the teachers (default: native if installed)").choices(
        runtimes,
      ),
    )
    .option("--threads <n>", "threads (default: one per core)", parseNumber)
    .option("--seed <n>", "seed of everything random", parseNumber, defaults.seed)
    .option("--cache <directory>", "where teachers' vectors are kept", defaults.cache)
    .option("--name <name>", "name of the model (default: the old one's with -refined)")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  nearvec refine --model minilm.safetensors --teacher teachers/all-MiniLM-L6-v2 --corpus sentences.txt -o better.safetensors
  nearvec refine --model minilm.safetensors --teacher teachers/all-MiniLM-L6-v2 --teacher teachers/bge-small-en-v1.5:1.5:cls \\
    --corpus general.txt:1 --corpus my-documents/:1 --sentences --exclude evaluation.txt -o mine.safetensors`,
    )
    .action(run);
}

async function run(options: CommandOptions): Promise<void> {
  const { checkOutputPath, replaceFile } = await import("../output/replace-file.ts");
  const { loadCorpus } = await import("../corpus/load-corpus.ts");
  const { refineProgress } = await import("../output/refine-progress.ts");
  const { refine } = await import("../refine/refine.ts");
  const { writeArtifact } = await import("../../shared/artifact/artifact-writer.ts");
  const { formatRefineSummary, summarizeRefinement } = await import("../output/refine-summary.ts");
  const started = performance.now();
  await checkOutputPath(options.output);
  const file = await readModel(options.model);
  const corpus = await loadCorpus(options.corpus, { ...options, fields: options.field });
  const progress = refineProgress(process.stderr);
  const {
    model: _,
    teacher: teachers,
    dims: dimensions,
    sif: sifCoefficient,
    whiten: whitening,
    groupSize: groupTexts,
    ...settings
  } = options;
  const runtime = options.runtime ?? (await fastestRuntime());
  const refinement = await refine(
    file,
    corpus.texts,
    { ...settings, teachers, dimensions, sifCoefficient, whitening, groupTexts, runtime },
    progress,
  ).finally(() => progress.stop());
  const bytes = writeArtifact(refinement.content);
  await replaceFile(options.output, bytes);
  const seconds = (performance.now() - started) / 1000;
  const summary = summarizeRefinement(refinement, corpus, options.output, bytes, seconds);
  process.stdout.write(`${options.json ? JSON.stringify(summary) : formatRefineSummary(summary)}\n`);
}

async function readModel(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: Error) => {
    throw new NearvecError(
      "not_found",
      `Expected a model file at ${path}, it cannot be read: ${cause.message}. Make one with \`nearvec distill\`.`,
      { param: "model", cause },
    );
  });
}

/** Several times faster; but it is for the user to install. */
function fastestRuntime(): Promise<Runtime> {
  return import("onnxruntime-node").then(
    () => "native",
    () => "wasm",
  );
}

function parseTeacher(text: string, previous: readonly TeacherChoice[] = []): TeacherChoice[] {
  const parts = text.split(":");
  let pooling: Pooling | undefined;
  if (parts.length > 1 && poolings.includes(parts.at(-1) as Pooling)) pooling = parts.pop() as Pooling;
  const weight = popWeight(parts) ?? 1;
  return [...previous, { directory: parts.join(":"), weight, pooling }];
}

function parseCorpus(text: string, previous: readonly CorpusChoice[] = []): CorpusChoice[] {
  const parts = text.split(":");
  const weight = popWeight(parts);
  return [...previous, { path: parts.join(":"), weight }];
}

/** Takes the last part if it is a number above 0. */
function popWeight(parts: string[]): number | undefined {
  const last = parts.at(-1)!;
  if (parts.length === 1 || !/^\d*\.?\d+$/.test(last)) return undefined;
  parts.pop();
  if (Number(last) > 0) return Number(last);
  throw new InvalidArgumentError("Expected a weight above 0.");
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError("Expected a number.");
  return value;
}
