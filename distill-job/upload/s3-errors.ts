/** What an S3 endpoint answers when it does not do what was asked, in our words. */
import { NearvecError } from "../../shared/errors.ts";
import { networkCode, networkReason } from "../network-failure.ts";
import type { BucketAccess } from "./bucket-access.ts";

/** Reads the code out of S3's XML; empty for HEAD, which has no body. */
async function errorCode(response: Response): Promise<string> {
  return /<Code>([^<]+)<\/Code>/.exec(await response.text())?.[1] ?? "";
}

/** The error for a response that is one; undefined for success, for a key that is not there, and for 412. */
export async function refused(
  response: Response,
  method: string,
  key: string,
  { endpoint, bucket, accessKeyId }: BucketAccess,
): Promise<NearvecError | undefined> {
  if (response.ok || response.status === 412) return undefined;
  const code = await errorCode(response.clone());
  const got = `${response.status}${code === "" ? "" : ` ${code}`}`;
  switch (response.status) {
    case 404:
      if (code !== "NoSuchBucket") return undefined;
      return new NearvecError(
        "bucket_not_found",
        `Expected a bucket ${bucket} at ${endpoint}, got ${got}. Create it with ` +
          `\`npx wrangler r2 bucket create ${bucket}\` or name another with --bucket.`,
        { param: "bucket" },
      );
    case 401:
    case 403:
      return new NearvecError(
        "storage_access_denied",
        `Expected ${endpoint} to let the access key ${accessKeyId} ${method} ${bucket}/${key}, got ${got}. ` +
          "Check R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY, and that the token may write to this bucket.",
      );
    default:
      return new NearvecError(
        "storage_unavailable",
        `Expected ${endpoint} to ${method} ${bucket}/${key}, got ${got}. Try again; nothing has been switched over.`,
      );
  }
}

/** The error for a request that got no response. */
export function unreachable(
  cause: unknown,
  method: string,
  key: string,
  { endpoint, bucket }: BucketAccess,
): NearvecError {
  const hint =
    networkCode(cause) === "ECONNREFUSED"
      ? "Is it running, and is --endpoint right?"
      : "Run the command again.";
  return new NearvecError(
    "storage_unavailable",
    `Expected ${endpoint} to answer ${method} ${bucket}/${key}, but ${networkReason(cause)}. ` +
      `The model that was served before still is. ${hint}`,
    { cause },
  );
}
