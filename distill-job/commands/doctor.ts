/** `nearvec doctor`: what is wrong, and what to do about it. */
import { Command } from "commander";
import { exitCodes } from "../command-line/exit-codes.ts";
import { addWorkerOptions, localWorkerUrl, type WorkerOptions } from "../command-line/worker-options.ts";

interface DoctorOptions extends WorkerOptions {
  readonly model?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("Check versions, models, bindings, credentials and the worker, and say what to fix.")
    .option("--model <file>", "check this model file (default: nearvec's own)")
    .option(
      "--config <file>",
      "wrangler.toml to check (default: the one in this folder, else nearvec's own)",
    );
  return addWorkerOptions(
    command,
    `check this worker (default: NEARVEC_URL, else ${localWorkerUrl} if one is there)`,
  )
    .option("--json", "print the checks as one line of JSON")
    .addHelpText(
      "after",
      `
Nothing is changed, and credentials are tried with calls that only read.
Exit code 1 if a check fails.

Examples:
  nearvec doctor
  nearvec doctor --model mine.safetensors
  nearvec doctor --url https://nearvec.example.workers.dev --json`,
    )
    .action(run);
}

async function run({ model, config, json, ...options }: DoctorOptions): Promise<void> {
  const { examine } = await import("../doctor/examine.ts");
  const checks = await examine({
    ...{ model, config, environment: process.env },
    url: options.url ?? process.env.NEARVEC_URL,
    apiKey: options.apiKey ?? process.env.NEARVEC_API_KEY,
  });
  const failed = checks.some(({ status }) => status === "fail");
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: !failed, checks })}\n`);
  } else {
    const { checkList } = await import("../output/check-list.ts");
    process.stdout.write(checkList(checks));
  }
  if (failed) process.exitCode = exitCodes.failure;
}
