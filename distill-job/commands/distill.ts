/** `nearvec distill`: makes a model file out of a sentence transformer. */
import { Command, InvalidArgumentError, Option } from "commander";
import { rowTypes } from "../../shared/artifact/model-metadata.ts";
import { type DistillSettings, defaultSettings } from "../distill-options.ts";
import type { TableDimensions } from "../table/table-options.ts";
import { poolings } from "../teacher/pooling.ts";
import { runtimes } from "../teacher/runtime.ts";
import { defaultRemovePattern } from "../vocabulary/remove-pattern.ts";

type PlainSettings = Pick<
  DistillSettings,
  | "rows"
  | "vocabularyQuantization"
  | "seed"
  | "pooling"
  | "runtime"
  | "threads"
  | "name"
  | "teacherName"
  | "license"
>;

/** As commander gives them: it takes a parsed null for nothing, so "none" stays a word. */
interface CommandOptions extends PlainSettings {
  readonly output: string;
  readonly rotate?: boolean;
  readonly dims: TableDimensions;
  readonly whiten: number;
  readonly sif?: number | "none";
  readonly sifCorpus?: readonly string[];
  readonly onnx?: string;
  readonly tokenRemovePattern: string;
  readonly vocabulary?: string;
  readonly vocabularyFrom?: readonly string[];
  readonly field?: readonly string[];
  readonly top: number;
  readonly minCount: number;
  readonly subword: boolean;
  readonly saveTokenizer?: string;
  readonly json?: boolean;
}

export function distillCommand(): Command {
  const defaults = defaultSettings;
  return new Command("distill")
    .description("Distill a sentence transformer into a table of static token embeddings.")
    .argument("<teacher>", "directory with tokenizer.json and an ONNX file, or hf:org/name[@revision]")
    .requiredOption("-o, --output <file>", "model file to write")
    .option("--dims <dims>", "dimensions: a number, a fraction of the variance, auto, none", parseDims, 256)
    .option("--whiten <power>", "divide dimensions by this power of their deviation", parseNumberOption, 0)
    .option("--sif <a>", "coefficient of the weights, or none (default: 1e-4, with a corpus 1e-3)", parseSif)
    .option("--sif-corpus <paths...>", "weigh tokens by their frequency in this text, not by their rank")
    .addOption(new Option("--rows <type>", "how to store rows").choices(rowTypes).default(defaults.rows))
    .option("--rotate", "rotate the dimensions first: better rows of 1 and 2 bits, no truncation")
    .option(
      "--vocabulary-quantization <clusters>",
      "let tokens share so many rows, by k-means",
      parseNumberOption,
    )
    .option("--seed <n>", "seed of the k-means", parseNumberOption, defaults.seed)
    .addOption(
      new Option(
        "--pooling <pooling>",
        "how the teacher pools (default: as its 1_Pooling/config.json says, or mean)",
      ).choices(poolings),
    )
    .addOption(
      new Option("--runtime <runtime>", "wasm: same bytes everywhere; native: faster, needs onnxruntime-node")
        .choices(runtimes)
        .default(defaults.runtime),
    )
    .option("--onnx <file>", "ONNX file in the teacher's directory (default: onnx/model.onnx and the like)")
    .addOption(
      // The second time as text: commander would print it as JSON, with its backslashes doubled.
      new Option("--token-remove-pattern <regex>", "drop tokens that begin so, or none").default(
        defaultRemovePattern,
        defaultRemovePattern,
      ),
    )
    .option("--vocabulary <file>", "add the words and phrases in this file, one a line")
    .option("--vocabulary-from <paths...>", "add the most frequent words of this text, in any language")
    .option(
      "--field <name...>",
      "fields or columns of these texts (default: title, text, sentence and the like)",
    )
    .option(
      "--top <n>",
      "how many words to take from --vocabulary-from",
      parseNumberOption,
      defaults.corpusWords.top,
    )
    .option(
      "--min-count <n>",
      "take only words that come so often",
      parseNumberOption,
      defaults.corpusWords.minCount,
    )
    .option("--no-subword", "keep the added words alone, none of the teacher's tokens")
    .option("--threads <n>", "threads for the teacher (default: one per core)", Number)
    .option("--name <name>", "name of the model (default: the teacher's directory and the dimensions)")
    .option("--teacher-name <name>", "teacher as the model file names it (default: its directory)")
    .option("--license <license>", "the teacher's licence, for the model file to repeat")
    .option("--save-tokenizer <file>", "write the cleaned tokenizer.json as well")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  nearvec distill hf:sentence-transformers/all-MiniLM-L6-v2 -o minilm.safetensors
  nearvec distill teachers/all-MiniLM-L6-v2 -o minilm.safetensors
  nearvec distill teachers/bge-small-en-v1.5 -o bge.safetensors --pooling cls --runtime native
  nearvec distill teachers/all-MiniLM-L6-v2 -o small.safetensors --dims 0.8 --license Apache-2.0
  nearvec distill teachers/all-MiniLM-L6-v2 -o tuned.safetensors --whiten 0.5 --sif 3e-4 --sif-corpus docs/
  nearvec distill teachers/all-MiniLM-L6-v2 -o ours.safetensors --vocabulary product-names.txt
  nearvec distill teachers/bge-small-zh -o zh.safetensors --vocabulary-from zh.txt --top 56000 --sif-corpus zh.txt
  nearvec distill teachers/all-MiniLM-L6-v2 -o words.safetensors --no-subword --vocabulary-from docs/ --min-count 5
  nearvec distill teachers/all-MiniLM-L6-v2 -o minilm-8k.safetensors --vocabulary-quantization 8192

Weights by rank take added words for the rarest. --sif-corpus weighs them by how often they come.`,
    )
    .action(run);
}

async function run(teacher: string, options: CommandOptions): Promise<void> {
  const { checkOutputPath, replaceFile } = await import("../output/replace-file.ts");
  const { distillProgress } = await import("../output/distill-progress.ts");
  const { distill } = await import("../distill.ts");
  const { writeArtifact } = await import("../../shared/artifact/artifact-writer.ts");
  const { formatSummary, summarize } = await import("../output/distill-summary.ts");
  const started = performance.now();
  await checkOutputPath(options.output);
  if (options.saveTokenizer !== undefined) await checkOutputPath(options.saveTokenizer);
  const progress = distillProgress(process.stderr);
  const distillation = await distill(teacher, await settingsOf(options), progress).finally(() =>
    progress.stop(),
  );
  const bytes = writeArtifact(distillation.content);
  if (options.saveTokenizer !== undefined) {
    await replaceFile(options.saveTokenizer, `${JSON.stringify(distillation.tokenizerJson)}\n`);
  }
  await replaceFile(options.output, bytes);
  const summary = summarize(distillation, options.output, bytes, (performance.now() - started) / 1000);
  process.stdout.write(`${options.json ? JSON.stringify(summary) : formatSummary(summary)}\n`);
}

async function settingsOf(options: CommandOptions): Promise<DistillSettings> {
  const { readWordList } = await import("../vocabulary/read-word-list.ts");
  const { rows, pooling, runtime, threads, name, teacherName, license, sif, tokenRemovePattern } = options;
  const { rotate = defaultSettings.rotate, vocabularyQuantization, seed } = options;
  return {
    ...{ rows, rotate, vocabularyQuantization, seed },
    ...{ pooling, runtime, threads, name, teacherName, license },
    dimensions: options.dims,
    onnxPath: options.onnx,
    vocabulary: options.vocabulary === undefined ? undefined : await readWordList(options.vocabulary),
    vocabularyFrom: options.vocabularyFrom,
    corpusFields: options.field,
    corpusWords: { top: options.top, minCount: options.minCount },
    subwords: options.subword,
    whitening: options.whiten,
    sifCoefficient: sif === "none" ? null : sif,
    sifCorpus: options.sifCorpus,
    tokenRemovePattern: tokenRemovePattern === "none" ? null : tokenRemovePattern,
  };
}

function parseDims(text: string): TableDimensions {
  if (text === "auto" || text === "none") return text;
  return parseNumber(text, 'Expected a number, "auto" or "none".');
}

function parseSif(text: string): number | "none" {
  return text === "none" ? text : parseNumber(text, 'Expected a number or "none".');
}

function parseNumberOption(text: string): number {
  return parseNumber(text, "Expected a number.");
}

function parseNumber(text: string, expectation: string): number {
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) throw new InvalidArgumentError(expectation);
  return value;
}
