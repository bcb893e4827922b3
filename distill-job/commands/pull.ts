/** `nearvec pull`: gets a model from the Hugging Face hub. */
import { createHash } from "node:crypto";
import { Command } from "commander";
import { ownName, parseHubName } from "../hub/hub-name.ts";
import { downloadProgress } from "../output/download-progress.ts";
import { checkOutputPath, replaceFile } from "../output/replace-file.ts";

interface PullOptions {
  readonly output?: string;
  readonly json?: boolean;
}

export function pullCommand(): Command {
  return new Command("pull")
    .description("Pull a model from the Hugging Face hub: nearvec's, Model2Vec's or Sentence Transformers'.")
    .argument("<org/name[@revision]>", "repository, and branch, tag or commit")
    .option("-o, --output <file>", "model file to write (default: <name>.safetensors)")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Environment: HF_TOKEN (for what is private), HF_ENDPOINT, HF_HUB_CACHE, HF_HUB_OFFLINE

Examples:
  nearvec pull minishlab/potion-base-8M
  nearvec pull me/mine@trial -o mine.safetensors`,
    )
    .action(run);
}

async function run(text: string, options: PullOptions): Promise<void> {
  const name = parseHubName(text);
  const output = options.output ?? `${ownName(name.repo)}.safetensors`;
  await checkOutputPath(output);
  // Loaded only when it is needed: most runs have no use for the hub's library.
  const { hubAccess } = await import("../hub/hub-access.ts");
  const { pullModel } = await import("../hub/pull-model.ts");
  const { origin, source, file, model } = await pullModel(
    name,
    hubAccess(),
    downloadProgress(process.stderr),
  );
  await replaceFile(output, file);
  const { metadata } = model;
  const result = {
    name: metadata.name,
    file: output,
    ...origin,
    source,
    rows: metadata.rows,
    ...(metadata.mapped && { tokens: metadata.vocabularySize }),
    dimensions: metadata.dimensions,
    bytes: file.length,
    sha256: createHash("sha256").update(file).digest("hex"),
  };
  const made = source === "imported" ? "imported from" : "from";
  const line = `${result.name}: ${result.rows} rows${metadata.mapped ? ` for ${metadata.vocabularySize} tokens` : ""} x ${result.dimensions} dims, ${(file.length / 1024 / 1024).toFixed(1)} MiB in ${output}, ${made} ${origin.repo} at ${origin.commit.slice(0, 12)}`;
  process.stdout.write(`${options.json ? JSON.stringify(result) : line}\n`);
}
