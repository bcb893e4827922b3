/** Deployments to the stand-in of Cloudflare, and what they leave there. */
import { createHash } from "node:crypto";
import { type DeployInput, type Deployment, deploy } from "../../distill-job/deploy/deploy.ts";
import type { ModelChoice } from "../../distill-job/deploy/deploy-model.ts";
import { type DeployNames, WorkerConfig } from "../../distill-job/deploy/worker-config.ts";
import type { Wrangler } from "../../distill-job/deploy/wrangler.ts";
import { sha256Of } from "../../distill-job/upload/publish-model.ts";
import { pointerKey } from "../../shared/model-store/model-location.ts";
import { parseModelPointer } from "../../shared/model-store/model-pointer.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import type { CloudflareStandIn } from "./cloudflare-stand-in.ts";

/** A model called `base`, as wrangler.toml's DEFAULT_MODEL says; other seeds are other files of it. */
export function baseModel(seed = 1): ModelChoice & { file: NonNullable<ModelChoice["file"]> } {
  const bytes = tinyModel({ name: "base", seed });
  return { name: "base", file: { path: "base.safetensors", bytes, sha256: sha256Of(bytes) } };
}

export interface Run {
  readonly deployment: Deployment;
  /** The steps, a line each. */
  readonly said: readonly string[];
}

/** Deploys wrangler.toml's worker with a tiny model, unless told otherwise. */
export async function runDeploy(
  wrangler: Wrangler,
  input: Partial<Omit<DeployInput, "config">> & { readonly names?: DeployNames } = {},
): Promise<Run> {
  const { names = {}, ...rest } = input;
  const config = await WorkerConfig.read(names);
  const said: string[] = [];
  const listener = { done: (what: string) => said.push(what), sent: () => {} };
  const deployment = await deploy(wrangler, { model: baseModel(), ...rest, config }, listener);
  return { deployment, said };
}

/** Digest of the file of `base` that is in force; null if there is none. */
export function inForce(cloudflare: CloudflareStandIn, bucket = "nearvec-models"): string | null {
  const pointer = cloudflare.buckets.get(bucket)?.get(pointerKey("base"));
  return pointer === undefined ? null : parseModelPointer(new TextDecoder().decode(pointer), "base").sha256;
}

/** Everything in the account that a user would see, without ids that differ from run to run. */
export function accountState(cloudflare: CloudflareStandIn) {
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  return {
    buckets: [...cloudflare.buckets].map(([name, objects]) => ({
      name,
      objects: [...objects].map(([key, bytes]) => [key, digest(bytes)]).sort(),
    })),
    namespaces: [...cloudflare.namespaces.values()].sort(),
    workers: [...cloudflare.workers].map(([name, { versions, current, migrationTag, onWorkersDev }]) => ({
      name,
      migrationTag,
      onWorkersDev,
      bindings: versions
        .find(({ id }) => id === current)!
        .bindings.map(({ namespace_id: id, ...binding }) => ({
          ...binding,
          ...(id === undefined ? {} : { namespace: cloudflare.namespaces.get(id) }),
        })),
    })),
  };
}
