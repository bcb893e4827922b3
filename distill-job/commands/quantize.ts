/** `nearvec quantize`: stores the rows of a model file in another way. */
import { Command, Option } from "commander";
import { defaultPoolingWindow, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { type Pooling, poolings, type RowType, rowTypes } from "../../shared/artifact/model-metadata.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { readModelBytes } from "../model-file.ts";
import { checkOutputPath, replaceFile } from "../output/replace-file.ts";
import { rotateDimensions } from "../table/rotate-dimensions.ts";
import { storeRows } from "../table/store-rows.ts";

interface QuantizeOptions {
  readonly output: string;
  readonly rows: RowType;
  readonly rotate: boolean;
  readonly pooling?: Pooling;
  readonly name?: string;
  readonly json?: boolean;
}

export function quantizeCommand(): Command {
  return new Command("quantize")
    .description("Store the rows of a model file in 8, 4, 2 or 1 bits, or as float32.")
    .argument("<model>", "model file; quantize from the most precise one that there is")
    .requiredOption("-o, --output <file>", "model file to write")
    .addOption(new Option("--rows <type>", "how to store rows").choices(rowTypes).makeOptionMandatory())
    .option("--rotate", "rotate the dimensions first: better rows of 1 and 2 bits, no truncation", false)
    .addOption(new Option("--pooling <pooling>", "change the pooling too").choices(poolings))
    .option("--name <name>", "name of the model (default: as before)")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  nearvec quantize minilm-f32.safetensors -o minilm-4bit.safetensors --rows int4
  nearvec quantize minilm-f32.safetensors -o minilm-1bit.safetensors --rows int1 --rotate --name minilm-1bit`,
    )
    .action(quantize);
}

async function quantize(path: string, options: QuantizeOptions): Promise<void> {
  await checkOutputPath(options.output);
  const file = await readModelBytes(path);
  const { metadata, rows, tokenizer } = await readTable(file);
  const { dimensions } = metadata;
  const bytes = writeArtifact({
    name: options.name ?? metadata.name,
    rows: storeRows(options.rotate ? rotateDimensions(rows, dimensions) : rows, dimensions, options.rows),
    dimensions,
    tokenizer,
    ...poolingOf(options.pooling ?? metadata.pooling, metadata.poolingWindow),
    rotated: options.rotate || metadata.rotated,
    normalize: metadata.normalize,
    maxLength: metadata.maxLength,
    provenance: { ...metadata.provenance, quantized_from: metadata.rowType },
  });
  await replaceFile(options.output, bytes);
  const summary = {
    output: options.output,
    rows: options.rows,
    rotated: options.rotate || metadata.rotated,
    bytes: bytes.length,
    bytesBefore: file.length,
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(summary)}\n`
      : `${summary.output}: ${metadata.rows} x ${dimensions} as ${options.rows}, ${mebibytes(bytes.length)} MiB (was ${metadata.rowType}, ${mebibytes(file.length)} MiB)\n`,
  );
}

/** A window goes with distinct pooling alone. */
function poolingOf(pooling: Pooling, window: number): { pooling: Pooling; poolingWindow?: number } {
  return pooling === "mean" ? { pooling } : { pooling, poolingWindow: window || defaultPoolingWindow };
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
