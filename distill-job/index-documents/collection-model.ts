/** Finds the file of the model that a collection is pinned to, for documents are embedded on this side. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import { readModelBytes } from "../model-file.ts";

const shippedModels = new URL("../../models/", import.meta.url);

/**
 * The path of the collection's model: the file that the user names, or one of models/ with the right digest.
 *
 * @throws NearvecError not_found, invalid_request if the file is another model
 */
export async function findCollectionModel(
  file: string | undefined,
  { model }: Pick<CollectionSettings, "model">,
): Promise<string> {
  if (file !== undefined) {
    const sha256 = sha256Of(await readModelBytes(file));
    if (sha256 === model.sha256) return file;
    throw new NearvecError(
      "invalid_request",
      `Expected the collection's model ${model.name} with SHA-256 ${model.sha256}, ${file} has ${sha256}. Vectors of two models cannot be compared: name the right file with --model.`,
      { param: "model" },
    );
  }
  for (const name of (await readdir(shippedModels)).sort()) {
    if (!name.endsWith(".safetensors")) continue;
    const path = fileURLToPath(new URL(name, shippedModels));
    if (sha256Of(await readModelBytes(path)) === model.sha256) return path;
  }
  throw new NearvecError(
    "not_found",
    `Expected the collection's model ${model.name} with SHA-256 ${model.sha256} among models/, it is not there. Name its file with --model.`,
    { param: "model" },
  );
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
