/** The bucket and the namespaces that a worker is bound to: found if they are there, made if they are not. */
import { z } from "zod";
import { NearvecError } from "../../shared/errors.ts";
import type { Wrangler } from "./wrangler.ts";
import { commandFailed } from "./wrangler-failure.ts";

/** Cloudflare's number for a bucket that is yours already. */
const bucketExistsCode = 10004;

export interface Namespace {
  readonly id: string;
  readonly title: string;
}

const namespacesSchema = z.array(z.object({ id: z.string(), title: z.string() }));

export const listNamespacesCommand = ["kv", "namespace", "list"] as const;

export function createBucketCommand(bucket: string): string[] {
  return ["r2", "bucket", "create", bucket, "--no-update-config"];
}

export function createNamespaceCommand(title: string): string[] {
  return ["kv", "namespace", "create", title, "--no-update-config"];
}

/** Title of a binding's namespace: the one that wrangler would give it. */
export function namespaceTitle(worker: string, binding: string): string {
  return `${worker}-${binding.toLowerCase().replaceAll("_", "-")}`;
}

/**
 * Makes the bucket; that it is there already is as good.
 *
 * Asking first would need one request more, and somebody could make it in between.
 *
 * @returns Whether it had to be made.
 */
export async function ensureBucket(wrangler: Wrangler, accountId: string, bucket: string): Promise<boolean> {
  const command = createBucketCommand(bucket);
  const outcome = await wrangler.run(command, accountId);
  if (outcome.ok) return true;
  if (outcome.code === bucketExistsCode) return false;
  throw commandFailed(command, outcome);
}

/** All namespaces of the account. */
export async function listNamespaces(wrangler: Wrangler, accountId: string): Promise<Namespace[]> {
  const outcome = await wrangler.run(listNamespacesCommand, accountId);
  if (!outcome.ok) throw commandFailed(listNamespacesCommand, outcome);
  return namespacesSchema.parse(JSON.parse(outcome.stdout));
}

/**
 * Makes namespaces and looks up their ids, which wrangler prints in a snippet of TOML only.
 *
 * Leaving this to `wrangler deploy`, which makes what has no id, would not do: where the upload after it fails, the
 * next run finds no worker to take the id from, makes the namespace again and is told that its title is taken.
 *
 * @returns Ids by title.
 */
export async function createNamespaces(
  wrangler: Wrangler,
  accountId: string,
  titles: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (titles.length === 0) return new Map();
  const failures = new Map<string, NearvecError>();
  for (const title of titles) {
    const command = createNamespaceCommand(title);
    const outcome = await wrangler.run(command, accountId);
    if (!outcome.ok) failures.set(title, commandFailed(command, outcome));
  }
  const listed = await listNamespaces(wrangler, accountId);
  return new Map(
    titles.map((title) => {
      // That somebody made it meanwhile, or that the answer alone was lost, is as good.
      const namespace = listed.find((one) => one.title === title);
      if (namespace === undefined) throw failures.get(title) ?? notListed(title);
      return [title, namespace.id];
    }),
  );
}

function notListed(title: string): NearvecError {
  return new NearvecError(
    "deployment_failed",
    `Expected the new KV namespace ${title} in the account's list, but it is not there yet. Run the command again in a minute.`,
  );
}
