/** `nearvec dev`, which is `npm start`: the worker on this machine, with the default model in its bucket. */
import { Command, InvalidArgumentError } from "commander";
import { healthSchema } from "../../shared/api/health.ts";
import { NearvecError } from "../../shared/errors.ts";
import { banner } from "../dev/banner.ts";
import { defaultPort, localBucketAccess } from "../dev/local-bucket.ts";
import { type LocalWorker, startLocalWorker } from "../dev/local-worker.ts";
import { chooseServedModel } from "../dev/served-model.ts";
import { stopRequest } from "../dev/stop-request.ts";
import { readWranglerSettings } from "../dev/wrangler-settings.ts";
import { publishModel } from "../upload/publish-model.ts";
import { S3Bucket } from "../upload/s3-bucket.ts";

interface DevOptions {
  readonly port: number;
  readonly model?: string;
  readonly name?: string;
  readonly state?: string;
  readonly json?: boolean;
}

export function devCommand(): Command {
  return new Command("dev")
    .description("Run the worker on this machine with the default model: no account, no network.")
    .option("--port <port>", "port to listen on, 0 for any that is free", parsePort, defaultPort)
    .option("--model <file>", "serve this model file in place of the default one")
    .option("--name <name>", "name to serve that file under (default: the name in the file)")
    .option("--state <folder>", "where the local bucket is kept (default: .wrangler/state)")
    .option("--json", "once it answers, print where as one line of JSON")
    .addHelpText(
      "after",
      `
Models that earlier runs or \`nearvec upload --local\` have put into the local bucket are served as well.

Examples:
  nearvec dev
  nearvec dev --port 9000 --model mine.safetensors
  nearvec dev --model models/nano.safetensors`,
    )
    .action(dev);
}

async function dev({ port, model: file, name, state, json }: DevOptions): Promise<void> {
  const started = performance.now();
  const stopRequested = stopRequest();
  const settings = await readWranglerSettings();
  const model = await chooseServedModel(file, name, settings);

  const starting = startLocalWorker({
    port,
    variables: { DEFAULT_MODEL: model.name },
    ...(state === undefined ? {} : { stateFolder: state }),
  });
  const worker = await Promise.race([starting, stopRequested]);
  if (worker === undefined) return (await starting).stop();
  try {
    if (!model.bundled) {
      await publishModel(new S3Bucket(localBucketAccess(worker.url, settings)), model.name, model.bytes);
    }
    await checkHealth(worker);
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(
      json
        ? `${JSON.stringify({ url: worker.url, model: model.name, dimensions: model.metadata.dimensions, seconds })}\n`
        : banner({ url: worker.url, model, seconds }),
    );
    worker.process.onOutput((text) => process.stderr.write(text));
    const ended = await Promise.race([
      stopRequested,
      worker.process.exited.then(() => worker.process.output),
    ]);
    if (ended !== undefined)
      throw new NearvecError("internal_error", `Expected wrangler to keep running, it ended:\n${ended}`);
  } finally {
    await worker.stop();
  }
}

/** Asks for what the banner promises, so that a worker that cannot embed never looks ready. */
async function checkHealth(worker: LocalWorker): Promise<void> {
  const response = await fetch(`${worker.url}/health`);
  const body = await response.text();
  if (response.ok && healthSchema.safeParse(JSON.parse(body)).success) return;
  throw new NearvecError(
    "internal_error",
    `Expected ${worker.url}/health to be ok, got ${response.status}: ${body}\n${worker.process.output.trim()}`,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}
