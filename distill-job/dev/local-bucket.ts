/** The bucket of a worker that runs on this machine, reached by the same S3 calls as the real one. */
import type { BucketAccess } from "../upload/bucket-access.ts";
import type { WranglerSettings } from "./wrangler-settings.ts";

/** Port of `npm start` unless told otherwise. */
export const defaultPort = 8787;

/** @param workerUrl Where wrangler dev listens, e.g. `http://127.0.0.1:8787`. */
export function localBucketAccess(workerUrl: string, settings: WranglerSettings): BucketAccess {
  return {
    endpoint: `${workerUrl}/cdn-cgi/local/r2/s3`,
    bucket: settings.bucket,
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
  };
}
