/** `nearvec export`: writes a model file as another program's model. */
import { Command, Option } from "commander";
import { usageMistake } from "../command-line/exit-codes.ts";
import { checkNewDirectory, type DirectoryContent, writeDirectory } from "../export/directory-content.ts";
import { type ExportedModel, exportedModel } from "../export/exported-model.ts";
import { model2vecDirectory } from "../export/model2vec-directory.ts";
import { type ExportRowType, exportRowTypes } from "../export/row-types.ts";
import { sentenceTransformersDirectory } from "../export/sentence-transformers-directory.ts";
import { transformersJsDirectory } from "../export/transformers-js-directory.ts";
import { readModelBytes } from "../model-file.ts";

const formats = ["model2vec", "sentence-transformers", "transformersjs"] as const;
type Format = (typeof formats)[number];

interface ExportOptions {
  readonly to: Format;
  readonly output: string;
  readonly rows: ExportRowType;
  readonly json?: boolean;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("Export a model file for Model2Vec, Sentence Transformers or Transformers.js.")
    .argument("<file>", "model file")
    .addOption(new Option("--to <format>", "what to write").choices(formats).makeOptionMandatory())
    .requiredOption("-o, --output <directory>", "new directory to write")
    .addOption(new Option("--rows <type>", "how to store rows").choices(exportRowTypes).default("float32"))
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Examples:
  nearvec export models/base.safetensors --to model2vec -o minilm-static
  nearvec export mine.safetensors --to transformersjs -o mine --rows int8`,
    )
    .action(run);
}

async function run(path: string, options: ExportOptions): Promise<void> {
  const { to, output, rows } = options;
  await checkNewDirectory(output);

  const model = await exportedModel(await readModelBytes(path));
  const content = directoryOf(model, to, rows);
  await writeDirectory(output, content);
  const { name, pooling } = model.metadata;
  const files = Object.keys(content);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ name, to, rows, directory: output, files })}\n`);
    return;
  }
  process.stdout.write(`${name} for ${to}, rows in ${rows}: ${output} (${files.join(", ")})\n`);
  if (pooling !== "mean") {
    process.stderr.write(
      `nearvec: the model pools by "${pooling}", which ${to} does not know: exported with the plain mean.\n`,
    );
  }
}

function directoryOf(model: ExportedModel, to: Format, rows: ExportRowType): DirectoryContent {
  switch (to) {
    case "model2vec":
      return model2vecDirectory(model, rows);
    case "transformersjs":
      return transformersJsDirectory(model, rows);
    case "sentence-transformers":
      if (rows !== "int8") return sentenceTransformersDirectory(model, rows);
      throw usageMistake(
        "Expected --rows float32 or float16 for sentence-transformers, got int8. It has no scales for rows; use --to model2vec, which Sentence Transformers loads as well.",
        "rows",
      );
  }
}
