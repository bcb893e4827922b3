/** Reads a model file from disk and makes sure that it is whole before anything is sent. */
import type { ModelMetadata } from "../../shared/artifact/model-metadata.ts";
import { maxArtifactBytesInWorker } from "../../shared/limits.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { readModelBytes } from "../model-file.ts";

export interface ModelFile {
  readonly bytes: Uint8Array;
  readonly metadata: ModelMetadata;
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
