/** `nearvec push`: puts a model on the Hugging Face hub. */
import { Command, Option } from "commander";
import { type ExportRowType, exportRowTypes } from "../export/row-types.ts";
import { parseHubName } from "../hub/hub-name.ts";
import type { PushedModel } from "../hub/push-model.ts";

interface PushOptions {
  readonly revision: string;
  readonly message?: string;
  readonly private?: boolean;
  readonly rows: ExportRowType;
  readonly json?: boolean;
}

export function pushCommand(): Command {
  return new Command("push")
    .description(
      "Push a model file to the Hugging Face hub, for Model2Vec and Sentence Transformers as well.",
    )
    .argument("<file>", "model file")
    .argument("<org/name>", "repository; it is made if it is not there")
    .option("--revision <branch>", "branch to push to; it is made if it is not there", "main")
    .option("--message <text>", "message of the commit (default: the model's name)")
    .option("--private", "make a repository that nobody else sees")
    .addOption(
      new Option("--rows <type>", "how to store rows for others").choices(exportRowTypes).default("float32"),
    )
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Environment: HF_TOKEN (a token that may write), HF_ENDPOINT

Examples:
  nearvec push models/base.safetensors me/base
  nearvec push mine.safetensors me/mine --private --revision trial --message "Refined on the manuals"`,
    )
    .action(run);
}

async function run(path: string, name: string, options: PushOptions): Promise<void> {
  const { readModelBytes } = await import("../model-file.ts");
  const { exportedModel } = await import("../export/exported-model.ts");
  const { model2vecDirectory } = await import("../export/model2vec-directory.ts");
  const { transferProgress } = await import("../output/transfer-progress.ts");
  const { repo, revision: branch } = parseHubName(`${name}@${options.revision}`);
  // Loaded only when it is needed: most runs have no use for the hub's library.
  const { hubAccess } = await import("../hub/hub-access.ts");
  const { hubModelFile } = await import("../hub/pull-model.ts");
  const { pushModel } = await import("../hub/push-model.ts");
  const access = hubAccess();
  const file = await readModelBytes(path);
  const model = await exportedModel(file);
  const content = { ...model2vecDirectory(model, options.rows, repo), [hubModelFile]: file };
  const bytes = Object.values(content).reduce((sum, each) => sum + each.length, 0);
  const progress = transferProgress("uploading", bytes, process.stderr);
  const message = options.message ?? `Add ${model.metadata.name}`;
  const settings = { repo, branch, message, private: options.private ?? false };
  const result = await pushModel(content, settings, access, progress.update).finally(progress.clear);
  process.stdout.write(`${options.json ? JSON.stringify(result) : describe(result)}\n`);
  if (model.metadata.pooling !== "mean") {
    process.stderr.write(
      `nearvec: the model pools by "${model.metadata.pooling}", which others do not know: for them it has the plain mean.\n`,
    );
  }
}

function describe({ repo, url, branch, commit, created, files }: PushedModel): string {
  const mebibytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 / 1024;
  const made = created ? ", which is new" : "";
  return `${files.length} files, ${mebibytes.toFixed(1)} MiB, to ${repo}${made}: commit ${commit.slice(0, 12)} on ${branch} (${url})`;
}
