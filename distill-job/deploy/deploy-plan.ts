/** What a deployment would do, step by step, each with its command: the rehearsal of `nearvec deploy --dry-run`. */
import { relative } from "node:path";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { whoamiCommand } from "./account.ts";
import { deployCommand } from "./bundle.ts";
import type { DeployInput } from "./deploy.ts";
import { deploymentStatusCommand, tagPrefix } from "./deployed-worker.ts";
import {
  createBucketCommand,
  createNamespaceCommand,
  listNamespacesCommand,
  namespaceTitle,
} from "./resources.ts";
import { commandLine } from "./wrangler.ts";
import { getObjectCommand, putObjectCommand } from "./wrangler-bucket.ts";

export interface PlannedStep {
  readonly what: string;
  readonly command: string;
}

/** @param file Path of the config that was written for `wrangler --config`. */
export function planDeployment({ config, model, s3 }: DeployInput, file: string): PlannedStep[] {
  const { name, bucket } = config;
  const steps: PlannedStep[] = [];
  const add = (what: string, command: readonly string[]) =>
    steps.push({ what, command: commandLine(command) });
  add("find out whose account it is", whoamiCommand);
  add(`look at the worker ${name} that runs, if any`, deploymentStatusCommand(name));
  if (bucket !== undefined) add(`make the bucket ${bucket}, unless it is there`, createBucketCommand(bucket));
  const open = config.namespaces.filter(({ id }) => id === undefined);
  if (open.length > 0) add("look which namespaces there are", listNamespacesCommand);
  for (const { binding } of open) {
    const title = namespaceTitle(name, binding);
    add(`make the namespace ${title} for ${binding}, unless it is there`, createNamespaceCommand(title));
  }
  if (model !== null && bucket !== undefined) {
    const pointer = pointerKey(model.name);
    if (model.file !== null) {
      const { bytes, sha256 } = model.file;
      const path = fromHere(model.file.path);
      const key = artifactKey(model.name, sha256);
      const what = `store ${path}, ${(bytes.byteLength / 2 ** 20).toFixed(1)} MiB, unless it is there, and read it back`;
      if (s3 === undefined) add(what, putObjectCommand(bucket, key, path));
      else
        steps.push({ what, command: `PUT https://<account>.r2.cloudflarestorage.com/${bucket}/${key} (S3)` });
    }
    add(`see which ${model.name} is in force`, getObjectCommand(bucket, pointer, "current.json"));
  }
  add(
    "upload code and settings, unless they are those that run",
    deployCommand(config, fromHere(file), "--tag", `${tagPrefix}<digest>`),
  );
  if (model?.file && bucket !== undefined) {
    const pointer = pointerKey(model.name);
    const what = `put ${model.name} in force, unless it is`;
    if (s3 === undefined) add(what, putObjectCommand(bucket, pointer, "current.json"));
    else
      steps.push({
        what,
        command: `PUT https://<account>.r2.cloudflarestorage.com/${bucket}/${pointer} (S3, if-match)`,
      });
  }
  return steps;
}

function fromHere(path: string): string {
  return relative(process.cwd(), path) || path;
}
