/** Downloads a file so that its name stands for the whole content, proven by its digest, or is not there. */
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { NearvecError } from "../../shared/errors.ts";
import { FileLock } from "../output/file-lock.ts";
import { type ContentDigest, digestOf } from "./content-digest.ts";
import { cacheRefused } from "./hub-cache.ts";

export interface BlobRequest {
  /** What to call it in errors. */
  readonly name: string;
  readonly url: string;
  /** Throws for responses that are none of the 2xx. */
  readonly fetch: typeof fetch;
  readonly digest: ContentDigest;
  /** Called with the bytes that are on disk, at first with those of an earlier attempt. */
  readonly onProgress: (doneBytes: number) => void;
  /** The error for a connection that breaks again and again. */
  readonly broken: (cause: unknown) => NearvecError;
}

/** Attempts in a row that bring nothing. */
const maxFruitlessAttempts = 4;
const retryMilliseconds = 500;
const lockMilliseconds = 200;

/**
 * Downloads to `target`, unless it is there. What a broken connection or an end of the process leaves is kept
 * beside it as `<target>.nearvec-incomplete`, and continued.
 *
 * @throws NearvecError artifact_corrupt if the content is not what the digest says, storage_unavailable,
 *   invalid_request if the disk refuses
 */
export async function downloadBlob(target: string, request: BlobRequest): Promise<void> {
  const lock = await waitForLock(`${target}.nearvec-lock`);
  try {
    if ((await sizeOf(target)) === request.digest.bytes) return;
    const partial = `${target}.nearvec-incomplete`;
    const continued = (await sizeOf(partial)) !== undefined;
    let fault = await receiveAll(partial, request);
    // It may lie in what an earlier attempt had left.
    if (fault !== undefined && continued) fault = await receiveAll(partial, request);
    if (fault !== undefined) throw damaged(fault, request);
    await rename(partial, target).catch((cause) => {
      throw cacheRefused(target, cause);
    });
  } finally {
    lock.release();
  }
}

/** Another process may be downloading the same file: then it will be there soon. */
async function waitForLock(path: string): Promise<FileLock> {
  for (;;) {
    const lock = takeLock(path);
    if (lock instanceof FileLock) return lock;
    await sleep(lockMilliseconds);
  }
}

function takeLock(path: string): FileLock | number {
  try {
    return FileLock.take(path);
  } catch (cause) {
    throw cacheRefused(path, cause);
  }
}

/**
 * Asks for what is missing of a file until it has as many bytes as it should.
 * @returns what it is, if that is not what it should be; then it is deleted
 */
async function receiveAll(partial: string, request: BlobRequest): Promise<string | undefined> {
  const file = await open(partial, "a+").catch((cause) => {
    throw cacheRefused(partial, cause);
  });
  try {
    const { bytes } = request.digest;
    let size = (await file.stat()).size;
    if (size > bytes) size = await restart(file, partial);
    request.onProgress(size);
    let fruitless = 0;
    while (size < bytes) {
      const before = size;
      const cause = await receive(file, partial, size, request);
      size = (await file.stat()).size;
      if (size >= bytes) break;
      fruitless = size > before ? 0 : fruitless + 1;
      if (fruitless === maxFruitlessAttempts) throw request.broken(cause);
      await sleep(retryMilliseconds);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const { bytes, kind, hex } = request.digest;
  const got = { bytes: await sizeOf(partial), hex: await digestOf(partial, kind) };
  if (got.bytes === bytes && got.hex === hex) return undefined;
  await rm(partial, { force: true });
  return `${got.bytes} bytes with ${got.hex}`;
}

/** @returns why it ended too early, if it did */
async function receive(
  file: FileHandle,
  partial: string,
  from: number,
  { url, fetch, digest, onProgress }: BlobRequest,
): Promise<unknown> {
  // Ranges are of what is sent: compressed, they would be of something else than the file.
  const headers = { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  const response = await fetch(url, { headers });
  let size = from;
  if (from > 0 && !isRangeFrom(response, from)) size = await restart(file, partial);
  try {
    for await (const chunk of response.body ?? []) {
      await file.appendFile(chunk).catch((cause) => {
        throw cacheRefused(partial, cause);
      });
      size += chunk.length;
      onProgress(size);
      // More than there should be: the digest will not fit.
      if (size > digest.bytes) break;
    }
    return new Error("it ended too early");
  } catch (cause) {
    if (NearvecError.isInstance(cause)) throw cause;
    return cause;
  }
}

function isRangeFrom({ status, headers }: Response, from: number): boolean {
  return status === 206 && new RegExp(`^bytes ${from}-`).test(headers.get("content-range") ?? "");
}

async function restart(file: FileHandle, partial: string): Promise<number> {
  await file.truncate(0).catch((cause) => {
    throw cacheRefused(partial, cause);
  });
  return 0;
}

function damaged(got: string, { name, digest }: BlobRequest): NearvecError {
  const kind = digest.kind === "git" ? "git SHA-1" : "SHA-256";
  return new NearvecError(
    "artifact_corrupt",
    `Expected ${name} to have ${digest.bytes} bytes with the ${kind} ${digest.hex}, got ${got}. What came is deleted: run the command again.`,
    { param: name },
  );
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
