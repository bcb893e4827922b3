/** Which model `nearvec dev` serves: the file that the user names, else the worker's default one out of models/. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import { NearvecError } from "../../shared/errors.ts";
import { bundledModelName, defaultModelName } from "../../shared/model-store/default-model.ts";
import { usageMistake } from "../command-line/exit-codes.ts";
import { readModelBytes } from "../model-file.ts";
import { checkModelName } from "../upload/check-model-name.ts";
import { readModelFile } from "../upload/read-model-file.ts";
import type { WranglerSettings } from "./wrangler-settings.ts";

export interface ServedModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
  /** Whether the worker carries it in its bundle, so that it need not go into the bucket. */
  readonly bundled: boolean;
}

/**
 * @param file The user's model file; the default model if not given.
 * @param name The name to serve that file under; the name in it if not given.
 * @throws NearvecError `not_found`, `invalid_request`, or what is wrong with the file.
 */
export async function chooseServedModel(
  file: string | undefined,
  name: string | undefined,
  settings: WranglerSettings,
): Promise<ServedModel> {
  if (file === undefined) {
    if (name === undefined) return defaultModel(settings);
    throw usageMistake(
      `Expected --model beside --name ${name}, got none. Name the file to serve, or leave --name out.`,
      "name",
    );
  }
  const { bytes, metadata } = await readModelFile(file);
  const served = name ?? metadata.name;
  if (served === bundledModelName && (await isBundledFile(bytes))) {
    return { name: served, bytes, metadata, bundled: true };
  }
  checkModelName(served);
  if (settings.bucket === undefined) {
    throw new NearvecError(
      "invalid_request",
      `Expected a bucket in wrangler.toml to put ${file} into, got none. Put [[r2_buckets]] back, or leave --model out.`,
      { param: "model" },
    );
  }
  return { name: served, bytes, metadata, bundled: false };
}

async function defaultModel({ defaultModel, bucket }: WranglerSettings): Promise<ServedModel> {
  const name = defaultModelName(defaultModel, bucket !== undefined, bundledModelName);
  const path = pathOf(name);
  if (!existsSync(path)) {
    throw new NearvecError(
      "not_found",
      `Expected the default model at ${path}, but there is none. Make it with \`npm run make:models\`.`,
      { param: path },
    );
  }
  return { name, ...(await readModelFile(path)), bundled: name === bundledModelName };
}

/** The bundled file itself may be named; another one under its name would never be served. */
async function isBundledFile(bytes: Uint8Array): Promise<boolean> {
  return Buffer.compare(await readModelBytes(pathOf(bundledModelName)), bytes) === 0;
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url));
}
