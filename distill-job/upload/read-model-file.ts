/** Reads a model file from disk and makes sure that it is whole before anything is sent. */
import { readFile } from "node:fs/promises";
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxArtifactBytesInWorker } from "../../shared/limits.ts";
import { StaticModel } from "../../shared/static-model.ts";

export interface ModelFile {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
}

/**
 * Reads a model file without looking into it.
 *
 * @throws NearvecError `not_found`
 */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is none" : (cause.code ?? cause.message);
    throw new NearvecError(
      "not_found",
      `Expected a model file at ${path}, but ${reason}. Make one with \`nearvec distill\`.`,
      { param: path, cause },
    );
  });
}

/**
 * Loads the file as the worker will, checksums included.
 *
 * @throws NearvecError `not_found`, `model_too_large`, or what is wrong with the file.
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const bytes = await readModelBytes(path);
  const model = await StaticModel.load(bytes, { maxBytes: maxArtifactBytesInWorker });
  return { bytes, metadata: model.metadata };
}
