/** `nearvec import`: makes a model file out of a published static model. */
import { Command, Option } from "commander";
import type { ImportSettings } from "../import/import-model.ts";
import { importRowTypes } from "../import/import-row-types.ts";

interface ImportOptions extends ImportSettings {
  readonly output: string;
  readonly json?: boolean;
}

export function importCommand(): Command {
  return new Command("import")
    .description("Import a static model of Model2Vec or Sentence Transformers.")
    .argument(
      "<directory>",
      "directory with model.safetensors, tokenizer.json and a config, or hf:org/name[@revision]",
    )
    .requiredOption("-o, --output <file>", "model file to write")
    .addOption(
      new Option("--rows <type>", "how to store rows (default: as they come)").choices(importRowTypes),
    )
    .option("--name <name>", "name of the model (default: the directory's)")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  nearvec import hf:minishlab/potion-base-8M -o potion.safetensors
  nearvec import potion-base-8M -o potion.safetensors
  nearvec import static-retrieval-mrl-en-v1 -o retrieval.safetensors --rows int8`,
    )
    .action(run);
}

async function run(source: string, options: ImportOptions): Promise<void> {
  const { checkOutputPath, replaceFile } = await import("../output/replace-file.ts");
  const { importModel } = await import("../import/import-model.ts");
  const { downloadProgress } = await import("../output/download-progress.ts");
  const { writeArtifact } = await import("../../shared/artifact/artifact-writer.ts");
  const { embeddingsLayout } = await import("../../shared/artifact/artifact-header.ts");
  await checkOutputPath(options.output);
  const content = await importModel(source, options, downloadProgress(process.stderr));
  const file = writeArtifact(content);
  await replaceFile(options.output, file);
  const { rows, dimensions, tokenizer, mapping } = content;
  const tokens = tokenizer.vocabularySize;
  const result = {
    name: content.name,
    file: options.output,
    rows: rows.values.length / embeddingsLayout(rows.type, dimensions).columns,
    ...(mapping && { tokens }),
    dimensions,
    rowType: rows.type,
    normalize: content.normalize,
    bytes: file.length,
  };
  const text = `${result.name}: ${result.rows} rows${mapping ? ` for ${tokens} tokens` : ""} x ${result.dimensions} dims, ${result.rowType}, ${(result.bytes / 1024 / 1024).toFixed(1)} MiB in ${result.file}`;
  process.stdout.write(`${options.json ? JSON.stringify(result) : text}\n`);
}
