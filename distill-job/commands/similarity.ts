/** `nearvec similarity`: how like texts are. */
import { Command } from "commander";
import { modelOptionHelp } from "../chosen-model.ts";
import { usageMistake } from "../command-line/exit-codes.ts";
import { addWorkerOptions, type WorkerOptions } from "../command-line/worker-options.ts";

interface SimilarityOptions extends WorkerOptions {
  readonly model?: string;
  readonly json?: boolean;
}

/** Texts in one table: more columns do not fit a screen. */
const maxTexts = 32;

export function similarityCommand(): Command {
  const command = new Command("similarity")
    .description("Compare texts: the cosine of two, a table of several.")
    .argument("<texts...>", "two texts or more")
    .option("--model <model>", `${modelOptionHelp} (default: base)`);
  return addWorkerOptions(command, "ask this worker; --model is one of its models then")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
1 is the same direction, 0 nothing in common.

Examples:
  nearvec similarity "a wet horse" "horses in the rain"
  nearvec similarity horse pony car lorry
  nearvec similarity --model nano --json horse pony`,
    )
    .action(run);
}

async function run(texts: readonly string[], options: SimilarityOptions): Promise<void> {
  if (texts.length < 2 || texts.length > maxTexts) {
    throw usageMistake(`Expected 2 to ${maxTexts} texts, got ${texts.length}. Quote each text.`, "texts");
  }
  const { cosineOfUnitVectors } = await import("../../shared/embedding/cosine.ts");
  const { model, vectors } = await embed(texts, options);
  const similarities = vectors.map((left) => vectors.map((right) => cosineOfUnitVectors(left, right)));
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ model, texts, similarities })}\n`);
  } else if (texts.length === 2) {
    process.stdout.write(`${similarities[0]![1]!.toFixed(4)}\n`);
  } else {
    const { similarityTable } = await import("../output/similarity-table.ts");
    process.stdout.write(similarityTable(texts, similarities, process.stdout.columns ?? 80));
  }
}

async function embed(
  texts: readonly string[],
  options: SimilarityOptions,
): Promise<{ readonly model: string; readonly vectors: readonly Float32Array[] }> {
  if (options.url === undefined) {
    const { StaticModel } = await import("../../shared/static-model.ts");
    const { readChosenModel } = await import("../chosen-model.ts");
    const { downloadProgress } = await import("../output/download-progress.ts");
    const file = await readChosenModel(options.model, downloadProgress(process.stderr));
    const model = await StaticModel.load(file);
    return { model: model.metadata.name, vectors: model.encode(texts, { normalize: true }) };
  }
  const { reachingWorker, workerClient } = await import("../command-line/worker-client.ts");
  const client = workerClient(options.url, options);
  return reachingWorker(() =>
    client.embedWithUsage(texts, options.model === undefined ? {} : { model: options.model }),
  );
}
