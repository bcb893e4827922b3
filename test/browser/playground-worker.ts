/** A worker with the default model for the playground's tests: real workerd, bucket, KV and Durable Objects of its own. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localBucketAccess } from "../../distill-job/dev/local-bucket.ts";
import { startLocalWorker } from "../../distill-job/dev/local-worker.ts";
import { readWranglerSettings } from "../../distill-job/dev/wrangler-settings.ts";
import { publishModel } from "../../distill-job/upload/publish-model.ts";
import { S3Bucket } from "../../distill-job/upload/s3-bucket.ts";

export interface PlaygroundWorker {
  readonly url: string;
  stop(): Promise<void>;
}

export interface PlaygroundWorkerOptions {
  /** Another worker than wrangler.toml's. */
  readonly entry?: string;
  /** Another wrangler.toml, one without a bucket: then the bundled model answers. */
  readonly config?: string;
  /** Whether it asks for keys, as a deployed one does. */
  readonly keys?: boolean;
}

export async function runPlaygroundWorker(options: PlaygroundWorkerOptions = {}): Promise<PlaygroundWorker> {
  const stateFolder = await mkdtemp(join(tmpdir(), "nearvec-playground-"));
  const worker = await startLocalWorker({ port: 0, stateFolder, ...options });
  if (options.config === undefined) {
    const bucket = new S3Bucket(localBucketAccess(worker.url, await readWranglerSettings()));
    await publishModel(
      bucket,
      "base",
      await readFile(new URL("../../models/base.safetensors", import.meta.url)),
    );
  }
  return {
    url: worker.url,
    stop: async () => {
      await worker.stop();
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
}
