/**
 * Brings a worker with all it needs to Cloudflare, so that a run that breaks off is finished by the next one.
 *
 * Every step finds out what is there and does what is missing; none deletes anything. The model's pointer moves last.
 */
import { createHash } from "node:crypto";
import { NearvecError } from "../../shared/errors.ts";
import { S3Bucket } from "../upload/s3-bucket.ts";
import { type Account, chooseAccount } from "./account.ts";
import { bundleWorker, deployCommand } from "./bundle.ts";
import type { DeployListener } from "./deploy-listener.ts";
import { type DeployedModel, type ModelChoice, storeModel } from "./deploy-model.ts";
import { findDeployedWorker, isOurs, nameTaken, tagPrefix } from "./deployed-worker.ts";
import { createNamespaces, ensureBucket, listNamespaces, namespaceTitle } from "./resources.ts";
import type { WorkerConfig } from "./worker-config.ts";
import { urlsOfRecord, urlsOfText } from "./worker-urls.ts";
import type { Wrangler } from "./wrangler.ts";
import { WranglerBucket } from "./wrangler-bucket.ts";
import { commandFailed } from "./wrangler-failure.ts";

/** Digits of the digest in a version's tag, which Cloudflare lets have 25 characters. */
const tagDigits = 16;

export interface DeployInput {
  readonly config: WorkerConfig;
  readonly model: ModelChoice | null;
  /** Account that CLOUDFLARE_ACCOUNT_ID names. */
  readonly accountId?: string | undefined;
  /** Key of the bucket's S3 API, if there is one: it shows progress and moves the pointer on condition. */
  readonly s3?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Deploy over a worker that is not nearvec's. */
  readonly overwrite?: boolean | undefined;
}

/** What a deployment found and made. */
export interface Deployment {
  readonly name: string;
  readonly account: Account;
  /** Where it answers, best first; empty without workers.dev and routes. */
  readonly urls: readonly string[];
  readonly version: string;
  /** Whether a new version had to be uploaded. */
  readonly deployed: boolean;
  readonly bucket: { readonly name: string; readonly created: boolean } | null;
  readonly namespaces: readonly {
    readonly binding: string;
    readonly id: string;
    readonly created: boolean;
  }[];
  readonly model: DeployedModel | null;
}

/** @throws NearvecError of the step that failed; what was served before still is */
export async function deploy(
  wrangler: Wrangler,
  input: DeployInput,
  listener: DeployListener,
): Promise<Deployment> {
  const { config, model } = input;
  const account = await chooseAccount(wrangler, config.accountId ?? input.accountId);
  listener.done(`account ${account.name} (${account.id})`);
  const found = await findDeployedWorker(wrangler, account.id, config.name);
  const before = found !== null && isOurs(found, config) ? found : null;
  if (found !== null && before === null && !input.overwrite) throw nameTaken(found, config.name);
  if (model !== null) config.setDefaultModel(model.name);
  // Before anything is made: what cannot be bundled cannot be deployed.
  const bundle = await bundleWorker(wrangler, config);
  listener.done(`worker ${config.name}: ${(bundle.gzippedBytes / 1024).toFixed(0)} KiB gzipped`);

  const bucket = await prepareBucket(wrangler, account.id, config, listener);
  const namespaces = await prepareNamespaces(wrangler, account.id, config, before?.namespaces, listener);
  if (model?.file)
    listener.done(`model ${model.name}: ${(model.file.bytes.byteLength / 2 ** 20).toFixed(1)} MiB to store`);
  const stored =
    model === null || bucket === null
      ? null
      : await storeModel(openBucket(wrangler, account.id, bucket.name, input.s3), model, (sent) =>
          listener.sent(sent, model.file?.bytes.byteLength ?? 0),
        );
  if (stored !== null && stored.activate === null) listener.done(describeModel(stored.model));

  const tag = tagPrefix + digestOf(bundle.digest, config.digest()).slice(0, tagDigits);
  const deployed = before?.tag !== tag;
  const { urls, version } = deployed
    ? await uploadWorker(wrangler, account.id, config, tag)
    : { urls: await connectWorker(wrangler, account.id, config), version: before.version };
  listener.done(
    `version ${version}: ${deployed ? "deployed" : "unchanged, code and settings are those that run"}`,
  );

  if (stored?.activate) {
    await stored.activate();
    listener.done(describeModel(stored.model));
  }
  const { name } = config;
  return { name, account, urls, version, deployed, bucket, namespaces, model: stored?.model ?? null };
}

async function prepareBucket(
  wrangler: Wrangler,
  accountId: string,
  config: WorkerConfig,
  listener: DeployListener,
): Promise<Deployment["bucket"]> {
  if (config.bucket === undefined) return null;
  const created = await ensureBucket(wrangler, accountId, config.bucket);
  listener.done(`bucket ${config.bucket}: ${created ? "created" : "there already"}`);
  return { name: config.bucket, created };
}

/**
 * Gives every namespace its id: wrangler.toml's, that of the worker that runs, that of the one with the right title,
 * or that of a new one. The second is there so that a worker never loses the data it was bound to by hand.
 */
async function prepareNamespaces(
  wrangler: Wrangler,
  accountId: string,
  config: WorkerConfig,
  bound: ReadonlyMap<string, string> | undefined,
  listener: DeployListener,
): Promise<Deployment["namespaces"]> {
  const unknown = config.namespaces.filter(({ id, binding }) => id === undefined && !bound?.has(binding));
  const listed = unknown.length === 0 ? [] : await listNamespaces(wrangler, accountId);
  const ids = new Map(listed.map(({ title, id }) => [title, id]));
  const missing = unknown
    .map(({ binding }) => namespaceTitle(config.name, binding))
    .filter((title) => !ids.has(title));
  const created = await createNamespaces(wrangler, accountId, missing);
  return config.namespaces.map(({ binding, id: configured }) => {
    const title = namespaceTitle(config.name, binding);
    const known = configured ?? bound?.get(binding) ?? ids.get(title);
    // What is not known was missing, and so has been made.
    const id = known ?? created.get(title)!;
    config.setNamespace(binding, id);
    listener.done(
      known === undefined
        ? `namespace ${title} for ${binding}: created`
        : `namespace ${id} for ${binding}: there already`,
    );
    return { binding, id, created: known === undefined };
  });
}

function openBucket(
  wrangler: Wrangler,
  accountId: string,
  bucket: string,
  key: DeployInput["s3"],
): S3Bucket | WranglerBucket {
  if (key === undefined) return new WranglerBucket(wrangler, accountId, bucket);
  return new S3Bucket({ endpoint: `https://${accountId}.r2.cloudflarestorage.com`, bucket, ...key });
}

async function uploadWorker(
  wrangler: Wrangler,
  accountId: string,
  config: WorkerConfig,
  tag: string,
): Promise<{ urls: string[]; version: string }> {
  const command = deployCommand(config, await config.write(), "--tag", tag);
  const outcome = await wrangler.run(command, accountId);
  if (!outcome.ok) throw commandFailed(command, outcome);
  const record = outcome.records.find(({ type }) => type === "deploy");
  const version = record?.version_id;
  if (record === undefined || typeof version !== "string") {
    throw new NearvecError(
      "deployment_failed",
      `Expected wrangler to say which version it deployed, got: ${outcome.stdout.trim()}`,
    );
  }
  return { urls: urlsOfRecord(record), version };
}

/** Connects the version that runs with its addresses, which an earlier run may not have come to. */
async function connectWorker(wrangler: Wrangler, accountId: string, config: WorkerConfig): Promise<string[]> {
  const environment = config.environment === undefined ? [] : ["--env", config.environment];
  const command = ["triggers", "deploy", "--config", await config.write(), ...environment];
  const outcome = await wrangler.run(command, accountId);
  if (!outcome.ok) throw commandFailed(command, outcome);
  return urlsOfText(outcome.stdout);
}

function digestOf(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

function describeModel({ name, sha256, uploaded, activated }: DeployedModel): string {
  if (sha256 === null) return `model ${name}: in the bucket already`;
  return `model ${name} ${sha256.slice(0, 12)}: ${uploaded ? "uploaded" : "there already"}, ${activated ? "now in force" : "in force already"}`;
}
