/** `nearvec quantize`: stores the rows of a model file in another way, or fewer of them. */
import { Command, InvalidArgumentError, Option } from "commander";
import { defaultPoolingWindow, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { type Pooling, poolings, type RowType, rowTypes } from "../../shared/artifact/model-metadata.ts";
import { type ModelTable, readTable } from "../../shared/artifact/read-table.ts";
import { NearvecError } from "../../shared/errors.ts";
import { readModelBytes } from "../model-file.ts";
import { clusterProgress } from "../output/cluster-progress.ts";
import { checkOutputPath, replaceFile } from "../output/replace-file.ts";
import { rotateDimensions } from "../table/rotate-dimensions.ts";
import { defaultClusterSeed, shareRows } from "../table/share-rows.ts";
import { storeRows } from "../table/store-rows.ts";

interface QuantizeOptions {
  readonly output: string;
  readonly rows: RowType;
  readonly rotate: boolean;
  readonly vocabularyQuantization?: number;
  readonly seed: number;
  readonly pooling?: Pooling;
  readonly name?: string;
  readonly json?: boolean;
}

export function quantizeCommand(): Command {
  return new Command("quantize")
    .description("Store the rows of a model file in 8, 4, 2 or 1 bits, or as float32; let tokens share rows.")
    .argument("<model>", "model file; quantize from the most precise one that there is")
    .requiredOption("-o, --output <file>", "model file to write")
    .addOption(new Option("--rows <type>", "how to store rows").choices(rowTypes).makeOptionMandatory())
    .option("--rotate", "rotate the dimensions first: better rows of 1 and 2 bits, no truncation", false)
    .option("--vocabulary-quantization <clusters>", "let tokens share so many rows, by k-means", parseCount)
    .option("--seed <n>", "seed of the k-means", parseCount, defaultClusterSeed)
    .addOption(new Option("--pooling <pooling>", "change the pooling too").choices(poolings))
    .option("--name <name>", "name of the model (default: as before)")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  nearvec quantize minilm-f32.safetensors -o minilm-4bit.safetensors --rows int4
  nearvec quantize minilm-f32.safetensors -o minilm-1bit.safetensors --rows int1 --rotate --name minilm-1bit
  nearvec quantize minilm-f32.safetensors -o minilm-8k.safetensors --rows int8 --vocabulary-quantization 8192`,
    )
    .action(quantize);
}

async function quantize(path: string, options: QuantizeOptions): Promise<void> {
  await checkOutputPath(options.output);
  const file = await readModelBytes(path);
  const table = await readTable(file);
  const { metadata, tokenizer } = table;
  const { dimensions } = metadata;
  const { rows, mapping, provenance } = await sharedRows(table, options);
  const bytes = writeArtifact({
    name: options.name ?? metadata.name,
    rows: storeRows(options.rotate ? rotateDimensions(rows, dimensions) : rows, dimensions, options.rows),
    ...(mapping && { mapping }),
    dimensions,
    tokenizer,
    ...poolingOf(options.pooling ?? metadata.pooling, metadata.poolingWindow),
    rotated: options.rotate || metadata.rotated,
    normalize: metadata.normalize,
    maxLength: metadata.maxLength,
    provenance: { ...metadata.provenance, quantized_from: metadata.rowType, ...provenance },
  });
  await replaceFile(options.output, bytes);
  const summary = {
    output: options.output,
    rows: options.rows,
    ...(mapping && { sharedRows: rows.length / dimensions }),
    rotated: options.rotate || metadata.rotated,
    bytes: bytes.length,
    bytesBefore: file.length,
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(summary)}\n`
      : `${summary.output}: ${rows.length / dimensions} x ${dimensions} as ${options.rows}, ${mebibytes(bytes.length)} MiB (was ${metadata.rowType}, ${mebibytes(file.length)} MiB)\n`,
  );
}

/** As they are, or fewer by a quantization of the vocabulary, and what to say of it. */
async function sharedRows(
  { metadata, rows, mapping }: ModelTable,
  { vocabularyQuantization: clusters, seed }: QuantizeOptions,
): Promise<Pick<ModelTable, "rows" | "mapping"> & { readonly provenance?: Record<string, string> }> {
  if (clusters === undefined) return { rows, mapping };
  if (mapping !== null) {
    throw new NearvecError(
      "invalid_request",
      `Expected a model whose tokens have rows of their own, got one whose tokens share ${metadata.rows}. Begin with the one that it was made from.`,
      { param: "vocabulary-quantization" },
    );
  }
  const progress = clusterProgress(process.stderr);
  const shared = await shareRows(
    rows,
    metadata.dimensions,
    { clusters, weights: null, seed },
    progress,
  ).finally(() => progress.stop());
  return {
    rows: shared.values,
    mapping: shared.mapping,
    provenance: { vocabulary_quantization: `${clusters} clusters, seed ${seed}` },
  };
}

/** A window goes with distinct pooling alone. */
function poolingOf(pooling: Pooling, window: number): { pooling: Pooling; poolingWindow?: number } {
  return pooling === "mean" ? { pooling } : { pooling, poolingWindow: window || defaultPoolingWindow };
}

function parseCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number.");
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
