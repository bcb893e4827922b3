/** `nearvec dev`, which is `npm start`: the worker on this machine, with the default model in its bucket. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { healthSchema } from "../../shared/api/health.ts";
import { NearvecError } from "../../shared/errors.ts";
import { banner } from "../dev/banner.ts";
import { defaultPort, localBucketAccess } from "../dev/local-bucket.ts";
import { type LocalWorker, startLocalWorker } from "../dev/local-worker.ts";
import { stopRequest } from "../dev/stop-request.ts";
import { readWranglerSettings, type WranglerSettings } from "../dev/wrangler-settings.ts";
import { publishModel } from "../upload/publish-model.ts";
import { readModelFile } from "../upload/read-model-file.ts";
import { S3Bucket } from "../upload/s3-bucket.ts";

interface DevOptions {
  readonly port: number;
  readonly model?: string;
  readonly state?: string;
}

export function devCommand(): Command {
  return new Command("dev")
    .description("Run the worker on this machine with the default model: no account, no network.")
    .option("--port <port>", "port to listen on, 0 for any that is free", parsePort, defaultPort)
    .option("--model <file>", "serve this model file in place of the default one")
    .option("--state <folder>", "where the local bucket is kept (default: .wrangler/state)")
    .action(dev);
}

async function dev({ port, model: file, state }: DevOptions): Promise<void> {
  const started = performance.now();
  const stopRequested = stopRequest();
  const settings = await readWranglerSettings();
  const { path, name } = modelToServe(file, settings);
  const model = await readModelFile(path);
  const modelName = name ?? model.metadata.name;

  const starting = startLocalWorker({
    port,
    variables: { DEFAULT_MODEL: modelName },
    ...(state === undefined ? {} : { stateFolder: state }),
  });
  const worker = await Promise.race([starting, stopRequested]);
  if (worker === undefined) return (await starting).stop();
  try {
    const bucket = new S3Bucket(localBucketAccess(worker.url, settings));
    await publishModel(bucket, modelName, model.bytes);
    await checkHealth(worker);
    const seconds = (performance.now() - started) / 1000;
    const { dimensions } = model.metadata;
    process.stdout.write(
      banner({ url: worker.url, model: modelName, dimensions, bytes: model.bytes.length, seconds }),
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

/** A file that the user names is served under the name in it, the committed one under the worker's default. */
function modelToServe(file: string | undefined, settings: WranglerSettings): { path: string; name?: string } {
  if (file !== undefined) return { path: file };
  const name = settings.defaultModel;
  const path = fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url));
  if (existsSync(path)) return { path, name };
  throw new NearvecError(
    "not_found",
    `Expected the default model at ${path}, but there is none. Make it with \`npm run distill:default\`.`,
    { param: path },
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}
