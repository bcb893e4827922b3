/** Which model a deployment brings along, and how its two steps go around that of the worker. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";
import { bundledModelName } from "../../shared/model-store/default-model.ts";
import { checkModelName } from "../upload/check-model-name.ts";
import type { ModelBucket } from "../upload/model-bucket.ts";
import { movePointer, readPointer, sha256Of, storeArtifact } from "../upload/publish-model.ts";
import { readModelFile } from "../upload/read-model-file.ts";
import type { WorkerConfig } from "./worker-config.ts";

/** The default model as it will be; `file` is null if it is in the bucket, or has to be. */
export interface ModelChoice {
  readonly name: string;
  readonly file: { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string } | null;
}

/** What became of the model. */
export interface DeployedModel {
  readonly name: string;
  /** Null for a model that this deployment did not bring along. */
  readonly sha256: string | null;
  readonly uploaded: boolean;
  readonly activated: boolean;
}

/**
 * @param path The user's model file; undefined for the default model out of models/.
 * @returns Null if the worker has no bucket, or answers with its bundled model by default.
 * @throws NearvecError `invalid_request` for a file without a bucket to put it in, or what is wrong with the file
 */
export async function chooseModel(
  path: string | undefined,
  config: WorkerConfig,
): Promise<ModelChoice | null> {
  if (path !== undefined) {
    if (config.bucket === undefined) {
      throw new NearvecError(
        "invalid_request",
        `Expected a bucket in wrangler.toml to put ${path} into, got none. Put [[r2_buckets]] back, or leave --model out.`,
        { param: "model" },
      );
    }
    const { bytes, metadata } = await readModelFile(path);
    checkModelName(metadata.name);
    return { name: metadata.name, file: { path, bytes, sha256: sha256Of(bytes) } };
  }
  const name = config.defaultModel;
  if (config.bucket === undefined || name === undefined || name === bundledModelName) return null;
  const own = fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url));
  if (!existsSync(own)) return { name, file: null };
  const { bytes } = await readModelFile(own);
  return { name, file: { path: own, bytes, sha256: sha256Of(bytes) } };
}

/**
 * Stores the file, and moves the pointer now if that can hurt nobody: the name is new, or points there already.
 *
 * The pointer of a model that is being served is moved by `activate`, after the worker: the new worker reads the old
 * model, but the old worker might not read the new one.
 *
 * @throws NearvecError `model_not_found` if the default model is neither here nor there, and what storing it can meet
 */
export async function storeModel(
  bucket: ModelBucket,
  { name, file }: ModelChoice,
  onProgress: (sentBytes: number) => void,
): Promise<{ readonly model: DeployedModel; readonly activate: (() => Promise<void>) | null }> {
  if (file === null) {
    if ((await readPointer(bucket, name)) !== null) {
      return { model: { name, sha256: null, uploaded: false, activated: false }, activate: null };
    }
    throw new NearvecError(
      "model_not_found",
      `Expected the default model ${name} in models/${name}.safetensors or in the bucket, it is in neither. ` +
        "Give its file with --model, or change DEFAULT_MODEL in wrangler.toml.",
      { param: "model" },
    );
  }
  const { bytes, sha256 } = file;
  const uploaded = await storeArtifact(bucket, name, bytes, sha256, onProgress);
  const before = await readPointer(bucket, name);
  const move = () => movePointer(bucket, name, sha256, bytes.byteLength);
  const inForce = before?.sha256 === sha256;
  if (before === null) await move();
  if (before === null || inForce) {
    return { model: { name, sha256, uploaded, activated: !inForce }, activate: null };
  }
  return {
    model: { name, sha256, uploaded, activated: true },
    activate: async () => {
      await move();
    },
  };
}
