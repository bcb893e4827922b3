/** `nearvec deploy`, which is `npm run deploy`: the worker on Cloudflare, with bucket, namespaces and model. */
import { Command, InvalidArgumentError } from "commander";
import { bundleWorker } from "../deploy/bundle.ts";
import { checkWorker } from "../deploy/check-worker.ts";
import { type DeployInput, deploy } from "../deploy/deploy.ts";
import { chooseModel } from "../deploy/deploy-model.ts";
import { planDeployment } from "../deploy/deploy-plan.ts";
import { WorkerConfig } from "../deploy/worker-config.ts";
import { type Wrangler, WranglerProcess } from "../deploy/wrangler.ts";
import { deployReport, planReport } from "../output/deploy-report.ts";
import { type TransferProgress, transferProgress } from "../output/transfer-progress.ts";

interface DeployOptions {
  readonly name?: string;
  readonly model?: string;
  readonly env?: string;
  readonly bucket?: string;
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
  readonly wait: number;
  readonly json?: boolean;
}

/** Seconds that a new workers.dev address takes at most, as a rule. */
const defaultWaitSeconds = 60;

export function deployCommand(): Command {
  return new Command("deploy")
    .description(
      "Put the worker on Cloudflare, with its bucket, namespaces and model. Again: change what differs.",
    )
    .option("--model <file>", "model file to upload and answer with by default (default: DEFAULT_MODEL's)")
    .option("--name <name>", "the worker's name, and that of a bucket of its own (default: wrangler.toml's)")
    .option("--bucket <name>", "R2 bucket of its models (default: wrangler.toml's)")
    .option("--env <environment>", "section [env.<environment>] of wrangler.toml")
    .option("--overwrite", "replace a worker of that name that is not nearvec's")
    .option("--dry-run", "bundle it and say every step and command; sends nothing, needs no login")
    .option(
      "--wait <seconds>",
      "how long to wait for the new worker to answer, 0 not to ask",
      parseSeconds,
      defaultWaitSeconds,
    )
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Environment: CLOUDFLARE_API_TOKEN (or \`npx wrangler login\`), CLOUDFLARE_ACCOUNT_ID if there are several accounts,
R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY to upload the model by the S3 API and not through wrangler.

Examples:
  nearvec deploy --dry-run
  nearvec deploy
  nearvec deploy --name nearvec-try --model mine.safetensors`,
    )
    .action(run);
}

async function run(options: DeployOptions): Promise<void> {
  const config = await WorkerConfig.read({ ...options, environment: options.env });
  const model = await chooseModel(options.model, config);
  const input: DeployInput = {
    config,
    model,
    accountId: process.env.CLOUDFLARE_ACCOUNT_ID,
    s3: s3Key(process.env),
    overwrite: options.overwrite,
  };
  const wrangler = new WranglerProcess();
  if (options.dryRun) return rehearse(wrangler, input, options);

  let progress: TransferProgress | undefined;
  const deployment = await deploy(wrangler, input, {
    done: (what) => {
      progress?.clear();
      process.stderr.write(`${what}\n`);
    },
    sent: (bytes, ofBytes) => {
      progress ??= transferProgress("uploading", ofBytes, process.stderr);
      progress.update(bytes);
    },
  }).finally(() => progress?.clear());
  const [url] = deployment.urls;
  const check = url === undefined || options.wait === 0 ? null : await checkWorker(url, options.wait);
  process.stdout.write(
    options.json ? `${JSON.stringify({ ...deployment, url, check })}\n` : deployReport(deployment, check),
  );
  // That an address is not known yet is no failure; that the worker says it cannot embed is one.
  if (check !== null && !check.healthy && check.answered) process.exitCode = 1;
}

async function rehearse(wrangler: Wrangler, input: DeployInput, { json }: DeployOptions): Promise<void> {
  const { config, model } = input;
  if (model !== null) config.setDefaultModel(model.name);
  const bundle = await bundleWorker(wrangler, config);
  const steps = planDeployment(input, await config.write());
  process.stdout.write(
    json
      ? `${JSON.stringify({ name: config.name, dryRun: true, gzippedBytes: bundle.gzippedBytes, steps })}\n`
      : planReport(config.name, steps),
  );
}

function s3Key({ R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY }: NodeJS.ProcessEnv): DeployInput["s3"] {
  if (!R2_ACCESS_KEY_ID || !R2_SECRET_ACCESS_KEY) return undefined;
  return { accessKeyId: R2_ACCESS_KEY_ID, secretAccessKey: R2_SECRET_ACCESS_KEY };
}

function parseSeconds(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number of seconds.");
}
