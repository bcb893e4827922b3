/** `nearvec embed`: texts to vectors, in process or by a worker. */
import { stat } from "node:fs/promises";
import { Command, Option } from "commander";
import type { NumberType } from "../../shared/embedding/number-types.ts";
import { modelOptionHelp } from "../chosen-model.ts";
import { usageMistake } from "../command-line/exit-codes.ts";
import { wholeNumber } from "../command-line/number-option.ts";
import { repeated } from "../command-line/repeated-option.ts";
import { addWorkerOptions, type WorkerOptions } from "../command-line/worker-options.ts";

const types = ["float32", "int8", "uint8", "binary", "ubinary"] as const;
const formats = ["json", "jsonl", "npy", "safetensors"] as const;

interface EmbedOptions extends WorkerOptions {
  readonly model?: string;
  readonly output?: string;
  readonly format?: (typeof formats)[number];
  readonly dims?: number;
  readonly normalize: boolean;
  readonly dtype: (typeof types)[number];
  readonly field?: readonly string[];
  readonly stdin?: "text" | "jsonl";
  readonly withText?: boolean;
  readonly threads?: number;
  readonly json?: boolean;
}

export function embedCommand(): Command {
  const command = new Command("embed")
    .description("Turn texts into vectors: arguments, lines of stdin, files of any size.")
    .argument("[inputs...]", "texts; files .txt, .jsonl, .ndjson, .csv, .tsv; - for stdin (default: stdin)")
    .option("-o, --output <file>", "file to write: .json, .jsonl, .npy or .safetensors (default: stdout)")
    .addOption(
      new Option("--format <format>", "what to write (default: by the file, else jsonl)").choices(formats),
    )
    .option("--model <model>", `${modelOptionHelp} (default: base)`)
    .option("--dims <n>", "keep so many dimensions, from the first on", wholeNumber(1))
    .addOption(new Option("--dtype <type>", "type of the numbers").choices(types).default("float32"))
    .option("--no-normalize", "leave vectors as long as they come")
    .option(
      "--field <name>",
      "field or column of the text; may be given again (default: title, text, sentence and the like)",
      repeated,
    )
    .addOption(
      new Option(
        "--stdin <format>",
        "what the lines of stdin are (default: text; with --field jsonl)",
      ).choices(["text", "jsonl"]),
    )
    .option("--with-text", "in jsonl, repeat each text beside its vector")
    .option("--threads <n>", "threads for many texts (default: one per core)", wholeNumber(1, 256));
  return addWorkerOptions(command, "embed by this worker; --model is one of its models then")
    .option("--json", "print one line of JSON: the vectors, or with -o what was written")
    .addHelpText(
      "after",
      `
A file is what ends as files of texts do; every other argument is a text.
In a .txt every line is one, empty lines too, so that rows and lines have the
same numbers. Inputs of any size are read piece by piece.

Examples:
  nearvec embed "a horse in the rain" "un cheval sous la pluie"
  nearvec embed docs.jsonl --field title --field body -o docs.npy
  nearvec embed huge.txt -o huge.safetensors --dims 128 --dtype int8
  nearvec embed lines.txt --format jsonl --with-text
  nearvec embed "hello" --json --model nano
  nearvec embed docs.csv -o docs.jsonl --url http://127.0.0.1:8787

  cut -f2 log.tsv | nearvec embed -o log.npy`,
    )
    .action(run);
}

async function run(inputs: readonly string[], options: EmbedOptions): Promise<void> {
  const started = performance.now();
  const type: NumberType = options.dtype === "float32" ? "float" : options.dtype;
  if (options.url !== undefined && !options.normalize) {
    throw usageMistake(
      "Expected --no-normalize without --url: a worker normalizes. Leave one out.",
      "normalize",
    );
  }
  const toFile = options.output !== undefined && options.output !== "-";
  if (inputs.length === 0 && process.stdin.isTTY) {
    throw usageMistake(
      "Expected texts, files, or lines of stdin, got none. See `nearvec embed --help`.",
      "inputs",
    );
  }
  const { formatOfFile, outputFormat } = await import("../embed-texts/output-format.ts");
  const preview = !toFile && options.format === undefined && !options.json && process.stdout.isTTY;
  const formatName =
    options.format ?? (toFile ? formatOfFile(options.output!) : options.json ? "json" : "jsonl");
  const format = outputFormat(formatName);
  if (!toFile && format.finalHead !== undefined) {
    throw usageMistake(
      `Expected --output beside --format ${formatName}: its beginning counts the rows, so it is written last. Name a file, or choose jsonl.`,
      "output",
    );
  }

  const { checkOutputPath, replaceFile } = await import("../output/replace-file.ts");
  if (toFile) await checkOutputPath(options.output!);
  const { readInputs, sourceOf } = await import("../embed-texts/text-input.ts");
  const { EmbedResult, embeddedBytes, lookAhead } = await import("../embed-texts/embed-texts.ts");
  const sources = await Promise.all((inputs.length === 0 ? ["-"] : inputs).map(sourceOf));
  const reading = { fields: options.field, stdin: options.stdin ?? (options.field ? "jsonl" : "text") };
  const { many, batches } = await lookAhead(readInputs(sources, reading, process.stdin));

  const settings = {
    ...{ dimensions: options.dims, normalize: options.normalize ? undefined : false, type },
    ...{ rendering: preview ? ("rows" as const) : format.rendering, withText: options.withText ?? false },
  };
  const embedder = await makeEmbedder(options, settings, many);
  const { embedProgress } = await import("../output/embed-progress.ts");
  const totalBytes = sources.every(({ kind }) => kind !== "stdin")
    ? sources.reduce((sum, source) => sum + (source.kind === "file" ? source.bytes : 0), 0)
    : null;
  const progress = embedProgress(process.stderr, totalBytes);
  const result = new EmbedResult();
  const embedding = performance.now();
  try {
    if (preview) {
      const { previewVectors } = await import("../output/vector-preview.ts");
      return await previewVectors(batches, embedder, type, process.stdout);
    }
    const bytes = embeddedBytes(batches, embedder, { format, type }, result, (done) => progress.update(done));
    if (toFile) {
      const { finalHead } = format;
      await replaceFile(options.output!, bytes, finalHead && (() => finalHead(result.as(type))));
    } else {
      const { writeOut } = await import("../output/write-out.ts");
      await writeOut(process.stdout, bytes);
    }
  } finally {
    progress.stop();
    await embedder.close();
  }

  const seconds = (performance.now() - started) / 1000;
  const embedSeconds = (performance.now() - embedding) / 1000;
  const written = {
    ...(toFile ? { file: options.output!, format: formatName } : {}),
    ...{ model: result.model, texts: result.texts, dimensions: result.dimensions, dtype: options.dtype },
    ...{ tokens: result.tokens, unknownTexts: result.unknown },
    ...(toFile ? { bytes: (await stat(options.output!)).size } : {}),
    ...{ seconds: Number(seconds.toFixed(3)), textsPerSecond: Math.round(result.texts / embedSeconds) },
  };
  if (toFile) process.stdout.write(options.json ? `${JSON.stringify(written)}\n` : `${describe(written)}\n`);
  else if (seconds > 1 && process.stderr.isTTY) process.stderr.write(`${describe(written)}\n`);
}

async function makeEmbedder(
  { url, model, threads, ...options }: EmbedOptions,
  settings: import("../embed-texts/embed-work.ts").EmbedSettings,
  many: boolean,
) {
  const { localEmbedder, remoteEmbedder } = await import("../embed-texts/embedder.ts");
  if (url !== undefined) {
    const { workerClient } = await import("../command-line/worker-client.ts");
    return remoteEmbedder(workerClient(url, options), model, settings);
  }
  const { readChosenModel } = await import("../chosen-model.ts");
  const { downloadProgress } = await import("../output/download-progress.ts");
  const { defaultThreads } = await import("../threads/thread-pool.ts");
  const file = await readChosenModel(model, downloadProgress(process.stderr));
  return localEmbedder(file, settings, many ? (threads ?? defaultThreads()) : 1);
}

interface Written {
  readonly file?: string;
  readonly texts: number;
  readonly dimensions: number;
  readonly dtype: string;
  readonly unknownTexts: number;
  readonly bytes?: number;
  readonly seconds: number;
  readonly textsPerSecond: number;
}

/** Fewer say nothing of the speed. */
const manyTexts = 1000;

function describe(written: Written): string {
  const { file, texts, dimensions, dtype, unknownTexts, bytes, seconds, textsPerSecond } = written;
  const size = bytes === undefined ? "" : `, ${describeBytes(bytes)}`;
  const zeros = unknownTexts === 0 ? "" : `, ${unknownTexts} of them without a known token (zeros)`;
  const speed = texts < manyTexts ? "" : `, ${textsPerSecond.toLocaleString("en")} texts/s`;
  const name = file === undefined ? "" : `${file}: `;
  return `${name}${texts} x ${dimensions} ${dtype}${size}${zeros}, ${seconds.toFixed(2)} s${speed}`;
}

function describeBytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
