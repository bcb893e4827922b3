/** What runs under a worker's name before it is deployed to: nothing, ours, or somebody else's. */
import { z } from "zod";
import { NearvecError } from "../../shared/errors.ts";
import { markOf, type WorkerConfig } from "./worker-config.ts";
import type { Wrangler } from "./wrangler.ts";
import { commandFailed } from "./wrangler-failure.ts";

/** Cloudflare's numbers for a worker that is not there. */
const noWorkerCodes = [10007, 10090];

/** What the tags of our versions begin with; a digest follows. */
export const tagPrefix = "nearvec-";

const bindingSchema = z.object({
  type: z.string(),
  name: z.string().optional(),
  namespace_id: z.string().optional(),
  class_name: z.string().optional(),
  bucket_name: z.string().optional(),
});

/** What `wrangler versions view --json` prints, as far as we read it. */
const versionSchema = z.object({
  id: z.string(),
  annotations: z.record(z.string(), z.unknown()).optional(),
  resources: z.object({ bindings: z.array(bindingSchema).default([]) }),
});

/** What `wrangler deployments status --json` prints, as far as we read it. */
const deploymentSchema = z.object({
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
});

export interface DeployedWorker {
  readonly version: string;
  /** Says what the version was made of, if we made it. */
  readonly tag: string | undefined;
  /** Ids of its KV namespaces, by binding. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Names of all its bindings. */
  readonly bindings: readonly string[];
  /** Of its Durable Objects and buckets, binding and what is bound: how our own worker is known again. */
  readonly marks: readonly string[];
}

export function deploymentStatusCommand(name: string): string[] {
  return ["deployments", "status", "--name", name, "--json"];
}

export function viewVersionCommand(name: string, version: string): string[] {
  return ["versions", "view", version, "--name", name, "--json"];
}

/** The worker of that name that most requests go to; null if there is none. */
export async function findDeployedWorker(
  wrangler: Wrangler,
  accountId: string,
  name: string,
): Promise<DeployedWorker | null> {
  const statusCommand = deploymentStatusCommand(name);
  const status = await wrangler.run(statusCommand, accountId);
  if (!status.ok) {
    const missing = noWorkerCodes.includes(status.code ?? 0) || /has no deployments/.test(status.message);
    if (missing) return null;
    throw commandFailed(statusCommand, status);
  }
  const { versions } = deploymentSchema.parse(JSON.parse(status.stdout));
  const [main] = versions.toSorted((one, other) => other.percentage - one.percentage);
  if (main === undefined) return null;
  const viewCommand = viewVersionCommand(name, main.version_id);
  const view = await wrangler.run(viewCommand, accountId);
  if (!view.ok) throw commandFailed(viewCommand, view);
  const { annotations, resources } = versionSchema.parse(JSON.parse(view.stdout));
  const tag = annotations?.["workers/tag"];
  // While two versions share the requests, neither is what a deployment leaves behind.
  const whole = versions.length === 1;
  return {
    version: main.version_id,
    tag: whole && typeof tag === "string" ? tag : undefined,
    namespaces: new Map(
      resources.bindings.flatMap(({ type, name: binding, namespace_id: id }) =>
        type === "kv_namespace" && binding !== undefined && id !== undefined ? [[binding, id] as const] : [],
      ),
    ),
    bindings: resources.bindings.flatMap(({ name: binding }) => binding ?? []),
    marks: resources.bindings.flatMap(({ name: binding, class_name, bucket_name }) => {
      const bound = class_name ?? bucket_name;
      return binding === undefined || bound === undefined ? [] : markOf(binding, bound);
    }),
  };
}

/** Whether it is nearvec's: it has a tag of ours, or our Durable Object or bucket. */
export function isOurs(worker: DeployedWorker, config: WorkerConfig): boolean {
  return (
    worker.tag?.startsWith(tagPrefix) === true || worker.marks.some((mark) => config.marks.includes(mark))
  );
}

/** The error for a worker that is somebody else's. */
export function nameTaken({ bindings }: DeployedWorker, name: string): NearvecError {
  return new NearvecError(
    "worker_name_taken",
    `Expected no worker called ${name}, or one of nearvec, got one with ` +
      `${bindings.length === 0 ? "no bindings" : `the bindings ${bindings.join(", ")}`}. ` +
      "Deploy under another name with --name, or add --overwrite if it may go.",
    { param: "name" },
  );
}
