/** The models' bucket by way of wrangler's login, for those who have no S3 key of it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import type { ModelBucket, ObjectHead, PutOptions } from "../upload/model-bucket.ts";
import { sha256Of } from "../upload/publish-model.ts";
import type { Wrangler } from "./wrangler.ts";
import { commandFailed } from "./wrangler-failure.ts";

export function getObjectCommand(bucket: string, key: string, file: string): string[] {
  return ["r2", "object", "get", `${bucket}/${key}`, "--file", file, "--remote"];
}

export function putObjectCommand(bucket: string, key: string, file: string): string[] {
  return ["r2", "object", "put", `${bucket}/${key}`, "--file", file, "--remote", "--force"];
}

/**
 * What wrangler cannot do is made up for: it reads objects whole to learn their size, and what it has stored is compared
 * when it is asked for. A put on condition is not to be had: two deployments at once may overwrite one another's pointer.
 */
export class WranglerBucket implements ModelBucket {
  readonly #wrangler: Wrangler;
  readonly #accountId: string;
  readonly #bucket: string;
  /** Digests of what was sent, by key. */
  readonly #sent = new Map<string, string>();

  constructor(wrangler: Wrangler, accountId: string, bucket: string) {
    this.#wrangler = wrangler;
    this.#accountId = accountId;
    this.#bucket = bucket;
  }

  /** @throws NearvecError `storage_unavailable` if it does not hold what was sent */
  async head(key: string): Promise<ObjectHead | null> {
    const bytes = await this.#read(key);
    if (bytes === null) return null;
    const etag = sha256Of(bytes);
    if ((this.#sent.get(key) ?? etag) === etag) return { bytes: bytes.byteLength, etag };
    throw new NearvecError(
      "storage_unavailable",
      `Expected ${key} to hold what was sent, got ${bytes.byteLength} other bytes. ` +
        "The model that was served before still is. Run the command again.",
    );
  }

  async get(key: string): Promise<{ readonly text: string; readonly etag: string } | null> {
    const bytes = await this.#read(key);
    return bytes === null ? null : { text: new TextDecoder().decode(bytes), etag: sha256Of(bytes) };
  }

  async put(key: string, body: Uint8Array, { sha256 }: PutOptions): Promise<boolean> {
    await inFolder(async (folder) => {
      const file = join(folder, "object");
      await writeFile(file, body);
      const command = putObjectCommand(this.#bucket, key, file);
      const outcome = await this.#wrangler.run(command, this.#accountId);
      if (!outcome.ok) {
        throw commandFailed(
          command,
          outcome,
          "The model that was served before still is. Run the command again.",
        );
      }
    });
    this.#sent.set(key, sha256);
    return true;
  }

  async #read(key: string): Promise<Uint8Array | null> {
    return inFolder(async (folder) => {
      const file = join(folder, "object");
      const command = getObjectCommand(this.#bucket, key, file);
      const outcome = await this.#wrangler.run(command, this.#accountId);
      if (outcome.ok) return readFile(file);
      if (/specified key does not exist/.test(outcome.message)) return null;
      throw commandFailed(command, outcome);
    });
  }
}

async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "nearvec-object-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
