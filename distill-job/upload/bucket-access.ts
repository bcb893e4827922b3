/** Where the bucket is and the key that opens it, from options and the environment. */
import { NearvecError } from "../../shared/errors.ts";

/** Everything that an S3 request needs beside its key. */
export interface BucketAccess {
  /** URL of the S3 API without the bucket, e.g. `https://<account>.r2.cloudflarestorage.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The variables that are read. Cloudflare's names come first, then Amazon's, which every S3 tool reads. */
export interface BucketEnvironment {
  readonly R2_ACCESS_KEY_ID?: string | undefined;
  readonly R2_SECRET_ACCESS_KEY?: string | undefined;
  readonly R2_ACCOUNT_ID?: string | undefined;
  readonly R2_BUCKET?: string | undefined;
  readonly CLOUDFLARE_ACCOUNT_ID?: string | undefined;
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
  readonly AWS_ENDPOINT_URL_S3?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
}

/** The bucket that wrangler.toml binds. */
const defaultBucket = "nearvec-models";

/**
 * Options win over variables.
 *
 * @throws NearvecError `invalid_request` naming the variable that is missing.
 */
export function bucketAccess(
  options: { readonly bucket?: string | undefined; readonly endpoint?: string | undefined },
  environment: BucketEnvironment,
): BucketAccess {
  const accessKeyId = environment.R2_ACCESS_KEY_ID ?? environment.AWS_ACCESS_KEY_ID;
  const secretAccessKey = environment.R2_SECRET_ACCESS_KEY ?? environment.AWS_SECRET_ACCESS_KEY;
  const sessionToken = environment.AWS_SESSION_TOKEN;
  return {
    endpoint: checkEndpoint(options.endpoint ?? endpointFrom(environment)),
    bucket: options.bucket ?? environment.R2_BUCKET ?? defaultBucket,
    accessKeyId: accessKeyId ?? missing("R2_ACCESS_KEY_ID"),
    secretAccessKey: secretAccessKey ?? missing("R2_SECRET_ACCESS_KEY"),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function endpointFrom(environment: BucketEnvironment): string {
  const account = environment.R2_ACCOUNT_ID ?? environment.CLOUDFLARE_ACCOUNT_ID;
  if (account !== undefined) return `https://${account}.r2.cloudflarestorage.com`;
  return environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL ?? missing("R2_ACCOUNT_ID");
}

function checkEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return endpoint.replace(/\/+$/, "");
  throw new NearvecError(
    "invalid_request",
    `Expected --endpoint to be an http(s) URL such as https://<account>.r2.cloudflarestorage.com, got ${endpoint}.`,
    { param: "endpoint" },
  );
}

function missing(variable: string): never {
  throw new NearvecError(
    "invalid_request",
    `Expected ${variable} in the environment, got nothing. Create an R2 API token (Cloudflare dashboard, R2, ` +
      "Manage API tokens) and export R2_ACCOUNT_ID, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY, " +
      "or add --local to upload to `npm start`.",
    { param: variable },
  );
}
