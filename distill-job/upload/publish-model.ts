/**
 * Puts a model into its bucket so that readers see the old model or the new one, and never anything between.
 *
 * 1. The file, under its own digest. A file that is there already is not sent again.
 * 2. A look at what the bucket now holds.
 * 3. The pointer, on condition that nobody has moved it meanwhile.
 *
 * Whatever breaks before the last step leaves the pointer, and so the served model, as it was.
 */
import { createHash } from "node:crypto";
import { NearvecError } from "../../shared/errors.ts";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import {
  formatModelPointer,
  type ModelPointer,
  parseModelPointer,
} from "../../shared/model-store/model-pointer.ts";
import type { ModelBucket } from "./model-bucket.ts";

/** What an upload did. */
export interface PublishedModel {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Whether the file had to be sent. */
  readonly uploaded: boolean;
  /** Whether the pointer had to be moved. */
  readonly activated: boolean;
  /** The file that was in force before; null if there was none. */
  readonly previous: string | null;
}

/** Hexadecimal SHA-256. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * @param artifact The whole model file.
 * @param onProgress Called with the bytes sent so far.
 * @throws NearvecError `storage_access_denied`, `bucket_not_found`, `storage_unavailable`, `upload_conflict`.
 */
export async function publishModel(
  bucket: ModelBucket,
  name: string,
  artifact: Uint8Array,
  onProgress: (sentBytes: number) => void = () => {},
): Promise<PublishedModel> {
  const sha256 = sha256Of(artifact);
  const bytes = artifact.byteLength;
  const uploaded = await storeArtifact(bucket, name, artifact, sha256, onProgress);
  const { activated, previous } = await movePointer(bucket, name, sha256, bytes);
  return { name, sha256, bytes, uploaded, activated, previous };
}

/**
 * The first two steps: the file under its digest, and a look at whether it is there as a whole.
 *
 * @returns Whether it had to be sent.
 */
export async function storeArtifact(
  bucket: ModelBucket,
  name: string,
  artifact: Uint8Array,
  sha256: string,
  onProgress: (sentBytes: number) => void = () => {},
): Promise<boolean> {
  const key = artifactKey(name, sha256);
  const existing = await bucket.head(key);
  if (existing?.bytes === artifact.byteLength) return false;
  // The key is the digest of the content: whoever stores it first, or at the same time, stores the same bytes.
  const expectedEtag = existing === null ? null : existing.etag;
  await bucket.put(key, artifact, { sha256, expectedEtag, onProgress });
  const stored = await bucket.head(key);
  if (stored?.bytes !== artifact.byteLength) {
    throw new NearvecError(
      "storage_unavailable",
      `Expected ${key} to hold ${artifact.byteLength} bytes after the upload, ` +
        `got ${stored?.bytes ?? "nothing"}. The model that was served before still is. Run the command again.`,
    );
  }
  return true;
}

/**
 * The last step: the pointer, unless it points there already.
 *
 * @throws NearvecError `upload_conflict` if somebody else moved it meanwhile.
 */
export async function movePointer(
  bucket: ModelBucket,
  name: string,
  sha256: string,
  bytes: number,
): Promise<{ activated: boolean; previous: string | null }> {
  const key = pointerKey(name);
  const current = await bucket.get(key);
  const before = current === null ? null : readOrDistrust(current.text, key);
  if (before?.sha256 === sha256 && before.bytes === bytes)
    return { activated: false, previous: before.previous };
  const previous = before?.sha256 ?? null;
  const body = new TextEncoder().encode(formatModelPointer({ sha256, bytes, previous }));
  const expectedEtag = current === null ? null : current.etag;
  if (await bucket.put(key, body, { sha256: sha256Of(body), expectedEtag }))
    return { activated: true, previous };
  // A repeated request whose first answer was lost is refused as well, though it did its work.
  const now = await bucket.get(key);
  if (now !== null && readOrDistrust(now.text, key)?.sha256 === sha256) return { activated: true, previous };
  throw new NearvecError(
    "upload_conflict",
    `Expected ${key} not to change during the upload, but another upload of ${name} moved it. ` +
      "Its model is served now; run the command again to put yours in force.",
  );
}

/** The pointer that is in force; null if there is none, or none that can be read. */
export async function readPointer(bucket: ModelBucket, name: string): Promise<ModelPointer | null> {
  const key = pointerKey(name);
  const current = await bucket.get(key);
  return current === null ? null : readOrDistrust(current.text, key);
}

/** A broken pointer must not keep the upload that would mend it from happening. */
function readOrDistrust(text: string, key: string): ModelPointer | null {
  try {
    return parseModelPointer(text, key);
  } catch (error) {
    if (NearvecError.isInstance(error) && error.code === "artifact_invalid") return null;
    throw error;
  }
}
