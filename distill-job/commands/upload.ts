/** `nearvec upload`: puts a model file into an R2 bucket and in force. */
import { Command } from "commander";
import { defaultPort, localBucketAccess } from "../dev/local-bucket.ts";
import { readWranglerSettings } from "../dev/wrangler-settings.ts";
import { transferProgress } from "../output/transfer-progress.ts";
import { type BucketAccess, bucketAccess } from "../upload/bucket-access.ts";
import { checkModelName } from "../upload/check-model-name.ts";
import { type PublishedModel, publishModel } from "../upload/publish-model.ts";
import { readModelFile } from "../upload/read-model-file.ts";
import { S3Bucket } from "../upload/s3-bucket.ts";

interface UploadOptions {
  readonly name?: string;
  readonly bucket?: string;
  readonly endpoint?: string;
  readonly local?: boolean;
  readonly json?: boolean;
}

export function uploadCommand(): Command {
  return new Command("upload")
    .description("Upload a model file to R2, then switch the worker over to it.")
    .argument("<file>", "model file")
    .option("--name <name>", "name to serve it under (default: the name in the file)")
    .option("--bucket <name>", "R2 bucket (default: R2_BUCKET, else nearvec-models)")
    .option("--endpoint <url>", "S3 endpoint (default: R2 of the account R2_ACCOUNT_ID)")
    .option(
      "--local",
      `upload to the worker of \`npm start\` (port ${defaultPort} unless --endpoint says otherwise)`,
    )
    .option("--json", "print the result as one line of JSON")
    .addHelpText(
      "after",
      `
Environment: R2_ACCOUNT_ID, R2_ACCESS_KEY_ID, R2_SECRET_ACCESS_KEY (or AWS_*), R2_BUCKET

Examples:
  nearvec upload models/base.safetensors
  nearvec upload mine.safetensors --name mine --local`,
    )
    .action(upload);
}

async function upload(file: string, options: UploadOptions): Promise<void> {
  const access = options.local ? await localAccess(options.endpoint) : bucketAccess(options, process.env);
  const { bytes, metadata } = await readModelFile(file);
  const name = options.name ?? metadata.name;
  checkModelName(name);
  const progress = transferProgress("uploading", bytes.byteLength, process.stderr);
  try {
    const result = await publishModel(new S3Bucket(access), name, bytes, (sent) => progress.update(sent));
    progress.clear();
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${describe(result, access)}\n`);
  } finally {
    progress.clear();
  }
}

async function localAccess(endpoint: string | undefined): Promise<BucketAccess> {
  const access = localBucketAccess(`http://127.0.0.1:${defaultPort}`, await readWranglerSettings());
  return endpoint === undefined ? access : { ...access, endpoint };
}

function describe(result: PublishedModel, { bucket, endpoint }: BucketAccess): string {
  const { name, sha256, bytes, uploaded, activated, previous } = result;
  const sent = uploaded ? `uploaded ${(bytes / 1024 / 1024).toFixed(1)} MiB` : "already there";
  const force = activated ? "now in force" : "in force before";
  const before = activated && previous !== null ? `, before it ${previous.slice(0, 12)}` : "";
  return `${name} ${sha256.slice(0, 12)}: ${sent}, ${force}${before} (${bucket} at ${endpoint})`;
}
