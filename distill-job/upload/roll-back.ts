/** Puts a model file back in force that is in the bucket already. */
import { NearvecError } from "../../shared/errors.ts";
import { artifactKey, isSha256 } from "../../shared/model-store/model-location.ts";
import type { ModelBucket } from "./model-bucket.ts";
import { movePointer, readPointer } from "./publish-model.ts";

export interface RolledBackModel {
  readonly name: string;
  /** Digest of the file that is in force now. */
  readonly sha256: string;
  /** Whether the pointer had to be moved. */
  readonly activated: boolean;
  /** Digest of the file that was in force before. */
  readonly previous: string | null;
}

/**
 * Moves the pointer of a model to another file of it; nothing is uploaded or deleted.
 *
 * @param to Digest of the file; the one that was in force before the present one if not given.
 * @throws NearvecError `model_not_found` if there is no such model or file, `invalid_request`, `upload_conflict`
 */
export async function rollBack(
  bucket: ModelBucket,
  name: string,
  to: string | undefined,
): Promise<RolledBackModel> {
  if (to !== undefined && !isSha256(to)) {
    throw new NearvecError(
      "invalid_request",
      `Expected --to to be a SHA-256 in 64 lower-case hexadecimal digits, got ${JSON.stringify(to)}. ` +
        "The files of a model are called by theirs in the bucket.",
      { param: "to" },
    );
  }
  const pointer = await readPointer(bucket, name);
  const sha256 = to ?? pointer?.previous;
  if (sha256 === undefined || sha256 === null) {
    const found = pointer === null ? "there is no such model" : "it is the first file of this model";
    throw new NearvecError(
      "model_not_found",
      `Expected a file of ${name} that was in force before, but ${found}. Name one that the bucket has with --to, or upload one.`,
      { param: "name" },
    );
  }
  const key = artifactKey(name, sha256);
  const file = await bucket.head(key);
  if (file === null) {
    throw new NearvecError(
      "model_not_found",
      `Expected ${key} in the bucket, but it is not there. Upload the file again.`,
      { param: "to" },
    );
  }
  const { activated, previous } = await movePointer(bucket, name, sha256, file.bytes);
  return { name, sha256, activated, previous };
}
