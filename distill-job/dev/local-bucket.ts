/** The bucket of a worker that runs on this machine, reached by the same S3 calls as the real one. */
import { NearvecError } from "../../shared/errors.ts";
import type { BucketAccess } from "../upload/bucket-access.ts";
import type { WranglerSettings } from "./wrangler-settings.ts";

/** Port of `npm start` unless told otherwise. */
export const defaultPort = 8787;

/**
 * @param workerUrl Where wrangler dev listens, e.g. `http://127.0.0.1:8787`.
 * @throws NearvecError `invalid_request` if wrangler.toml has no bucket.
 */
export function localBucketAccess(workerUrl: string, { bucket }: WranglerSettings): BucketAccess {
  if (bucket === undefined) {
    throw new NearvecError(
      "invalid_request",
      "Expected [[r2_buckets]] in wrangler.toml, got none: without a bucket there is nowhere to put a model. Put it back.",
    );
  }
  const { name, accessKeyId, secretAccessKey } = bucket;
  return { endpoint: `${workerUrl}/cdn-cgi/local/r2/s3`, bucket: name, accessKeyId, secretAccessKey };
}
