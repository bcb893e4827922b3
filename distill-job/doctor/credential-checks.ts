/** Credentials: are they there, and does the bucket take them. Nothing is written. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { pointerKey } from "../../shared/model-store/model-location.ts";
import { type BucketEnvironment, bucketAccess } from "../upload/bucket-access.ts";
import { S3Bucket } from "../upload/s3-bucket.ts";
import { type Check, fail, ok, reasonOf, skip } from "./check.ts";

/** Where wrangler keeps what `wrangler login` got, on the platforms that it knows. */
const loginFiles = [
  ".config/.wrangler/config/default.toml",
  ".wrangler/config/default.toml",
  "Library/Preferences/.wrangler/config/default.toml",
];

/** Asks the bucket for one small object, which need not be there. */
export async function checkBucketAccess(
  environment: BucketEnvironment,
  options: { readonly bucket?: string | undefined; readonly endpoint?: string | undefined } = {},
): Promise<Check> {
  const { R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  const given = [R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY];
  if (given.every((value) => value === undefined)) {
    return skip("R2 key", "R2_ACCESS_KEY_ID is not set; only nearvec upload to Cloudflare needs it");
  }
  try {
    const access = bucketAccess(options, environment);
    const found = await new S3Bucket(access).get(pointerKey("base"));
    const about = found === null ? "no model base in it yet" : "model base is in it";
    return ok("R2 key", `opens ${access.bucket} at ${access.endpoint}, ${about}`);
  } catch (error) {
    const denied = NearvecError.isInstance(error) && error.code === "storage_access_denied";
    return fail(
      "R2 key",
      reasonOf(error),
      denied
        ? "Make a new R2 API token: Cloudflare dashboard, R2, Manage API tokens."
        : "Set R2_ACCOUNT_ID, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY.",
    );
  }
}

/** Looks whether there is something to deploy with; whether Cloudflare takes it, only deploying tells. */
export function checkCloudflareLogin(
  { CLOUDFLARE_API_TOKEN }: { readonly CLOUDFLARE_API_TOKEN?: string | undefined },
  home: string = homedir(),
): Check {
  if (CLOUDFLARE_API_TOKEN !== undefined) {
    if (/^[\x21-\x7e]+$/.test(CLOUDFLARE_API_TOKEN)) return ok("Cloudflare", "CLOUDFLARE_API_TOKEN is set");
    return fail("Cloudflare", "CLOUDFLARE_API_TOKEN is empty or has spaces in it", "Export the token alone.");
  }
  if (loginFiles.some((file) => existsSync(join(home, file))))
    return ok("Cloudflare", "wrangler is logged in");
  return skip("Cloudflare", "no CLOUDFLARE_API_TOKEN and no wrangler login; only deploying needs one");
}
