/** The models in the R2 bucket: the pointer in force, the file it names, the list of names. */
import { NearvecError } from "../shared/errors.ts";
import {
  artifactKey,
  modelsPrefix,
  nameOfPointerKey,
  pointerKey,
} from "../shared/model-store/model-location.ts";
import { type ModelPointer, parseModelPointer } from "../shared/model-store/model-pointer.ts";

/** The part of an R2 bucket that serving needs. */
export type ModelBucket = Pick<R2Bucket, "get" | "list">;

/** What the registry needs of the request on whose behalf it reads. */
export interface ModelHost {
  /** Undefined where the worker has no bucket: the bundled model is all there is. */
  readonly bucket: ModelBucket | undefined;
  /** The setting DEFAULT_MODEL, if there is one. */
  readonly defaultModel: string | undefined;
  /** Keeps the request's I/O alive after its client has gone. */
  waitUntil(promise: Promise<unknown>): void;
}

/** A pointer and when it was written. */
export interface DatedPointer extends ModelPointer {
  readonly uploaded: Date;
}

/**
 * Reads which file of a model is in force; null if there is no such model.
 *
 * @throws NearvecError `storage_unavailable`, `artifact_invalid`.
 */
export async function readPointer(bucket: ModelBucket, name: string): Promise<DatedPointer | null> {
  const key = pointerKey(name);
  const object = await fromStorage(key, () => bucket.get(key));
  if (object === null) return null;
  const text = await fromStorage(key, () => object.text());
  return { ...parseModelPointer(text, key), uploaded: object.uploaded };
}

/**
 * Opens the file that a pointer names.
 *
 * @throws NearvecError `storage_unavailable`, or `artifact_invalid` if the file is not there or of another size.
 */
export async function openArtifact(
  bucket: ModelBucket,
  name: string,
  pointer: ModelPointer,
): Promise<R2ObjectBody> {
  const key = artifactKey(name, pointer.sha256);
  const object = await fromStorage(key, () => bucket.get(key));
  if (object?.size === pointer.bytes) return object;
  await object?.body.cancel();
  throw new NearvecError(
    "artifact_invalid",
    `Expected ${key} with ${pointer.bytes} bytes, as ${pointerKey(name)} says, ` +
      `got ${object === null ? "no such object" : `${object.size} bytes`}. Upload the model again.`,
    { param: key },
  );
}

/**
 * Opens a file by its digest, whether or not it is in force; null if it is not there.
 *
 * @throws NearvecError `storage_unavailable`
 */
export async function openPinned(
  bucket: ModelBucket,
  name: string,
  sha256: string,
): Promise<R2ObjectBody | null> {
  const key = artifactKey(name, sha256);
  return fromStorage(key, () => bucket.get(key));
}

/**
 * Lists the models that have a file in force, by name.
 *
 * Whole keys are listed rather than folders: a folder may hold an upload that was never put in force, and the
 * pointer's own date is wanted.
 */
export async function listModels(bucket: ModelBucket): Promise<{ name: string; uploaded: Date }[]> {
  const models: { name: string; uploaded: Date }[] = [];
  let cursor: string | undefined;
  do {
    const options = { prefix: modelsPrefix, ...(cursor === undefined ? {} : { cursor }) };
    const page = await fromStorage(modelsPrefix, () => bucket.list(options));
    for (const object of page.objects) {
      const name = nameOfPointerKey(object.key);
      if (name !== undefined) models.push({ name, uploaded: object.uploaded });
    }
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
  return models;
}

/** Runs one storage call and says in our words that it failed. */
async function fromStorage<T>(key: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw storageUnavailable(key, cause);
  }
}

/** The error for a bucket that does not answer. */
export function storageUnavailable(key: string, cause: unknown): NearvecError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NearvecError(
    "storage_unavailable",
    `Expected R2 to return ${key}, but the read failed: ${reason}. Try again in a moment.`,
    { cause },
  );
}
