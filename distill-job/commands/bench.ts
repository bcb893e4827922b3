/** `nearvec bench`: what to expect of this machine, or of a worker. */
import { Command } from "commander";
import { modelOptionHelp } from "../chosen-model.ts";
import { numberBetween, wholeNumber } from "../command-line/number-option.ts";
import { addWorkerOptions, type WorkerOptions } from "../command-line/worker-options.ts";

interface BenchOptions extends WorkerOptions {
  readonly model?: string;
  readonly seconds: number;
  readonly connections: number;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  const command = new Command("bench")
    .description("Measure how fast texts are embedded here, or by a worker.")
    .option("--model <model>", `${modelOptionHelp} (default: base)`)
    .option("--seconds <n>", "seconds for each measurement", numberBetween(0.1, 600), 2)
    .option("--connections <n>", "requests to the worker that are under way at once", wholeNumber(1, 256), 8);
  return addWorkerOptions(command, "measure this worker; --model is one of its models then")
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
In process: one thread, texts of three lengths, the median of many rounds.
A worker: requests over keep-alive connections from this machine, which takes
part of the time; errors are counted, not hidden.

Examples:
  nearvec bench
  nearvec bench --model nano --json
  nearvec bench --url http://127.0.0.1:8787 --connections 16`,
    )
    .action(run);
}

async function run(options: BenchOptions): Promise<void> {
  const { seconds, connections } = options;
  if (options.url !== undefined) {
    const { measureWorker } = await import("../speed/worker-speed.ts");
    const { describeWorkerSpeed } = await import("../output/speed-report.ts");
    const apiKey = options.apiKey ?? process.env.NEARVEC_API_KEY;
    const speed = await measureWorker({
      url: options.url,
      apiKey,
      model: options.model,
      seconds,
      connections,
    });
    process.stdout.write(options.json ? `${JSON.stringify(speed)}\n` : describeWorkerSpeed(speed));
    return;
  }
  const { readChosenModel } = await import("../chosen-model.ts");
  const { downloadProgress } = await import("../output/download-progress.ts");
  const { measureModel } = await import("../speed/model-speed.ts");
  const { describeModelSpeed } = await import("../output/speed-report.ts");
  const file = await readChosenModel(options.model, downloadProgress(process.stderr));
  const speed = await measureModel(file, seconds);
  process.stdout.write(options.json ? `${JSON.stringify(speed)}\n` : describeModelSpeed(speed));
}
