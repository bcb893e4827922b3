/** `nearvec rollback`: an earlier file of a model in force again. */
import { Command } from "commander";
import { chooseAccount } from "../deploy/account.ts";
import { WranglerProcess } from "../deploy/wrangler.ts";
import { WranglerBucket } from "../deploy/wrangler-bucket.ts";
import { defaultPort, localBucketAccess } from "../dev/local-bucket.ts";
import { readWranglerSettings } from "../dev/wrangler-settings.ts";
import { bucketAccess } from "../upload/bucket-access.ts";
import type { ModelBucket } from "../upload/model-bucket.ts";
import { rollBack } from "../upload/roll-back.ts";
import { S3Bucket } from "../upload/s3-bucket.ts";

interface RollbackOptions {
  readonly to?: string;
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly local?: boolean;
  readonly json?: boolean;
}

export function rollbackCommand(): Command {
  return new Command("rollback")
    .description("Put the model file back in force that was before, or another that the bucket has.")
    .argument("<name>", "name that the model is served under")
    .option("--to <sha256>", "digest of the file (default: the one before)")
    .option("--bucket <name>", "R2 bucket (default: R2_BUCKET, else wrangler.toml's)")
    .option("--endpoint <url>", "S3 endpoint (default: R2 of the account R2_ACCOUNT_ID)")
    .option(
      "--local",
      `in the bucket of \`npm start\` (port ${defaultPort} unless --endpoint says otherwise)`,
    )
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Environment: as for \`nearvec upload\`; without R2_ACCESS_KEY_ID, by the login of \`npx wrangler login\` or CLOUDFLARE_API_TOKEN

Examples:
  nearvec rollback base
  nearvec rollback mine --local`,
    )
    .action(run);
}

async function run(name: string, options: RollbackOptions): Promise<void> {
  const result = await rollBack(await openBucket(options), name, options.to);
  const { sha256, activated, previous } = result;
  const before = activated && previous !== null ? `, before it ${previous.slice(0, 12)}` : "";
  const line = `${name} ${sha256.slice(0, 12)}: ${activated ? "now in force" : "in force already"}${before}`;
  process.stdout.write(`${options.json ? JSON.stringify(result) : line}\n`);
}

async function openBucket({ local, endpoint, bucket }: RollbackOptions): Promise<ModelBucket> {
  const settings = await readWranglerSettings();
  if (local) {
    const access = localBucketAccess(`http://127.0.0.1:${defaultPort}`, settings);
    return new S3Bucket(endpoint === undefined ? access : { ...access, endpoint });
  }
  const { R2_ACCESS_KEY_ID, AWS_ACCESS_KEY_ID, R2_BUCKET, CLOUDFLARE_ACCOUNT_ID } = process.env;
  if (endpoint !== undefined || R2_ACCESS_KEY_ID !== undefined || AWS_ACCESS_KEY_ID !== undefined) {
    return new S3Bucket(bucketAccess({ bucket, endpoint }, process.env));
  }
  const wrangler = new WranglerProcess();
  const account = await chooseAccount(wrangler, CLOUDFLARE_ACCOUNT_ID);
  const name = bucket ?? R2_BUCKET ?? settings.bucket?.name ?? "nearvec-models";
  return new WranglerBucket(wrangler, account.id, name);
}
