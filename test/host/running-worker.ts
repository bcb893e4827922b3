/** A worker of one's own for a test file: real workerd, real R2 and S3 endpoint, empty bucket, any free port. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localBucketAccess } from "../../distill-job/dev/local-bucket.ts";
import { startLocalWorker } from "../../distill-job/dev/local-worker.ts";
import { readWranglerSettings } from "../../distill-job/dev/wrangler-settings.ts";
import type { BucketAccess } from "../../distill-job/upload/bucket-access.ts";
import { type PublishedModel, publishModel } from "../../distill-job/upload/publish-model.ts";
import { S3Bucket } from "../../distill-job/upload/s3-bucket.ts";

/** Milliseconds to give `beforeAll`: a busy machine takes many times the usual two seconds. */
export const startTimeout = 90_000;

export interface RunningWorker {
  readonly url: string;
  readonly access: BucketAccess;
  upload(name: string, artifact: Uint8Array): Promise<PublishedModel>;
  /** POSTs JSON to /v1/embeddings. */
  embed(body: unknown, signal?: AbortSignal): Promise<Response>;
  stop(): Promise<void>;
}

/** @param entry Another worker than wrangler.toml's. Its default model is `tiny`. */
export async function runWorker(entry?: string): Promise<RunningWorker> {
  const stateFolder = await mkdtemp(join(tmpdir(), "nearvec-test-"));
  const worker = await startLocalWorker({
    port: 0,
    stateFolder,
    variables: { DEFAULT_MODEL: "tiny" },
    ...(entry === undefined ? {} : { entry }),
  });
  const access = localBucketAccess(worker.url, await readWranglerSettings());
  return {
    url: worker.url,
    access,
    upload: (name, artifact) => publishModel(new S3Bucket(access), name, artifact),
    embed: (body, signal) =>
      fetch(`${worker.url}/v1/embeddings`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }),
    stop: async () => {
      await worker.stop();
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
}
