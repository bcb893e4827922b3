/** What the hub says that a file must be: its size and a digest. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** Large files have the SHA-256 of their content, others the SHA-1 that git gives its blobs. */
export interface ContentDigest {
  readonly kind: "sha256" | "git";
  readonly hex: string;
  readonly bytes: number;
}

/** The digest of a file on disk. */
export async function digestOf(path: string, kind: ContentDigest["kind"]): Promise<string> {
  const hash = createHash(kind === "git" ? "sha1" : "sha256");
  // https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage
  if (kind === "git") hash.update(`blob ${(await stat(path)).size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}
